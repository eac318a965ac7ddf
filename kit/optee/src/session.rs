//! The life of an instance: constructors, create, sessions, destroy, destructors.
//!
//! TEE Internal Core API 1.3.1, section 4.3. What a TA does at each step is an [`Application`], so that this is tested
//! without one.

use alloc::vec::Vec;

use crate::error::{Error, Result};
use crate::local::Local;
use crate::parameters::Arguments;

/// The steps that a TA defines.
pub(crate) trait Application {
    /// Runs the constructors of the image.
    fn construct(&self);
    /// `TA_CreateEntryPoint`.
    fn create(&self) -> Result<()>;
    /// The steps of a session.
    fn open(&self, arguments: &mut Arguments) -> Result<usize>;
    /// `TA_InvokeCommandEntryPoint`, with the context that the open answered.
    fn invoke(&self, context: usize, command: u32, arguments: &mut Arguments) -> Result<()>;
    /// `TA_CloseSessionEntryPoint`.
    fn close(&self, context: usize);
    /// `TA_DestroyEntryPoint`, then the destructors of the image.
    fn destroy(&self);
}

/// Whether an instance stays when its last session is closed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Idle {
    /// It is destroyed.
    Destroy,
    /// It waits for the next session.
    Keep,
}

/// How far the instance has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Loaded,
    Constructed,
    Created,
}

/// An instance: its stage, and the context of each open session by its id.
struct Instance {
    stage: Stage,
    sessions: Vec<(u32, usize)>,
}

/// The one instance that an image is.
pub(crate) struct Sessions(Local<Instance>);

impl Sessions {
    pub(crate) const fn new() -> Self {
        Self(Local::new(Instance { stage: Stage::Loaded, sessions: Vec::new() }))
    }

    /// Opens a session, which creates the instance if it is the first.
    ///
    /// # Errors
    /// The application refuses, or no memory is left. The session then does not exist.
    pub(crate) fn open(
        &self,
        application: &impl Application,
        idle: Idle,
        session: u32,
        arguments: &mut Arguments,
    ) -> Result<()> {
        if self.context(session).is_ok() {
            return Err(Error::BAD_STATE);
        }
        self.0.with(|instance| instance.sessions.try_reserve(1)).map_err(|_| Error::OUT_OF_MEMORY)?;
        self.create(application)?;
        let opened = application.open(arguments);
        match opened {
            Ok(context) => self.0.with(|instance| instance.sessions.push((session, context))),
            Err(_) => self.retire(application, idle),
        }
        opened.map(|_| ())
    }

    /// Invokes a command.
    ///
    /// # Errors
    /// What the application answers; `BAD_STATE` if there is no such session.
    pub(crate) fn invoke(
        &self,
        application: &impl Application,
        session: u32,
        command: u32,
        arguments: &mut Arguments,
    ) -> Result<()> {
        application.invoke(self.context(session)?, command, arguments)
    }

    /// Closes a session, and destroys the instance with its last one unless it is kept.
    ///
    /// # Errors
    /// `BAD_STATE` if there is no such session: its open has failed.
    pub(crate) fn close(&self, application: &impl Application, idle: Idle, session: u32) -> Result<()> {
        let context = self.context(session)?;
        self.0.with(|instance| instance.sessions.retain(|(id, _)| *id != session));
        application.close(context);
        self.retire(application, idle);
        Ok(())
    }

    fn create(&self, application: &impl Application) -> Result<()> {
        if self.stage() == Stage::Loaded {
            self.set_stage(Stage::Constructed);
            application.construct();
        }
        if self.stage() == Stage::Constructed {
            application.create()?;
            self.set_stage(Stage::Created);
        }
        Ok(())
    }

    fn retire(&self, application: &impl Application, idle: Idle) {
        let is_empty = self.0.with(|instance| instance.sessions.is_empty());
        if is_empty && idle == Idle::Destroy && self.stage() == Stage::Created {
            self.set_stage(Stage::Loaded);
            application.destroy();
        }
    }

    fn context(&self, session: u32) -> Result<usize> {
        let found = self.0.with(|instance| instance.sessions.iter().find(|(id, _)| *id == session).copied());
        found.map(|(_, context)| context).ok_or(Error::BAD_STATE)
    }

    fn stage(&self) -> Stage {
        self.0.with(|instance| instance.stage)
    }

    fn set_stage(&self, stage: Stage) {
        self.0.with(|instance| instance.stage = stage);
    }
}

#[cfg(test)]
mod tests {
    use core::cell::RefCell;
    use std::string::String;

    use super::{Application, Idle, Sessions};
    use crate::error::{Error, Result};
    use crate::parameters::Arguments;

    /// Writes down each step as a letter, and refuses an open whose types are 0xBAD.
    #[derive(Default)]
    struct Diary(RefCell<String>);

    impl Diary {
        fn write(&self, step: &str) {
            self.0.borrow_mut().push_str(step);
        }
    }

    impl Application for Diary {
        fn construct(&self) {
            self.write("+");
        }
        fn create(&self) -> Result<()> {
            self.write("C");
            Ok(())
        }
        fn open(&self, arguments: &mut Arguments) -> Result<usize> {
            self.write("o");
            if arguments.types == 0xBAD { Err(Error::ACCESS_DENIED) } else { Ok(arguments.types as usize) }
        }
        fn invoke(&self, context: usize, _: u32, _: &mut Arguments) -> Result<()> {
            self.write(&std::format!("i{context}"));
            Ok(())
        }
        fn close(&self, context: usize) {
            self.write(&std::format!("c{context}"));
        }
        fn destroy(&self) {
            self.write("D");
        }
    }

    fn types(types: u32) -> Arguments {
        Arguments { types, ..Arguments::default() }
    }

    #[test]
    fn the_last_close_destroys_and_the_next_open_creates_anew() {
        let (diary, sessions) = (Diary::default(), Sessions::new());
        for id in [1, 2] {
            assert_eq!(sessions.open(&diary, Idle::Destroy, id, &mut types(id)), Ok(()));
        }
        assert_eq!(sessions.invoke(&diary, 2, 0, &mut types(0)), Ok(()));
        for id in [1, 2] {
            assert_eq!(sessions.close(&diary, Idle::Destroy, id), Ok(()));
        }
        assert_eq!(sessions.open(&diary, Idle::Destroy, 3, &mut types(3)), Ok(()));
        assert_eq!(*diary.0.borrow(), "+Cooi2c1c2D+Co");
    }

    #[test]
    fn a_kept_instance_is_created_once() {
        let (diary, sessions) = (Diary::default(), Sessions::new());
        for id in [1, 2] {
            assert_eq!(sessions.open(&diary, Idle::Keep, id, &mut types(id)), Ok(()));
            assert_eq!(sessions.close(&diary, Idle::Keep, id), Ok(()));
        }
        assert_eq!(*diary.0.borrow(), "+Coc1oc2");
    }

    #[test]
    fn a_refused_open_leaves_no_session_to_close() {
        let (diary, sessions) = (Diary::default(), Sessions::new());
        assert_eq!(sessions.open(&diary, Idle::Destroy, 1, &mut types(0xBAD)), Err(Error::ACCESS_DENIED));
        assert_eq!(sessions.close(&diary, Idle::Destroy, 1), Err(Error::BAD_STATE));
        assert_eq!(sessions.invoke(&diary, 1, 0, &mut types(0)), Err(Error::BAD_STATE));
        assert_eq!(*diary.0.borrow(), "+CoD");
    }
}
