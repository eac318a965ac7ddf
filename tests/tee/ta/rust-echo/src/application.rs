//! The application: commands and answers are those of `echo.c`.

use utee::abi::{flags, kind};
use utee::application::{Application, Parameter};
use utee::trace::{Level, line};
use utee::{Error, Result};

type Parameters<'a> = [Parameter<'a>; 4];

utee::trusted_application! {
    application: Echo,
    uuid: "5b0c3d1e-8a41-4d0b-9e11-6c6974650011",
    flags: flags::SINGLE_INSTANCE | flags::MULTI_SESSION | flags::INSTANCE_KEEP_ALIVE,
    stack_size: 0x4000,
    heap_size: 0x8000,
    version: c"1.2",
    description: c"echoes",
}

#[derive(Default)]
struct Echo {
    invocations: u32,
    sessions_open: u32,
    sessions_ever: u32,
}

/// Invocations of a session.
#[derive(Default)]
struct Session(u32);

impl Application for Echo {
    type Session = Session;

    fn create() -> Result<Self> {
        Ok(Self::default())
    }

    fn open(&mut self, parameters: &mut Parameters<'_>) -> Result<Session> {
        if let Parameter::ValueInput([result, _]) = parameters[0] {
            utee::error::check(result)?;
        }
        self.sessions_open += 1;
        self.sessions_ever += 1;
        Ok(Session::default())
    }

    fn invoke(&mut self, session: &mut Session, command: u32, parameters: &mut Parameters<'_>) -> Result<()> {
        session.0 += 1;
        self.invocations += 1;
        match command {
            0 => Ok(()),
            1 => values(parameters),
            2 => memory(parameters),
            3 => self.counts(session, parameters),
            4 => fail(parameters),
            5 => log(parameters),
            6 => types(parameters),
            _ => Err(Error::NOT_SUPPORTED),
        }
    }

    fn close(&mut self, _: Session) {
        self.sessions_open -= 1;
    }
}

impl Echo {
    fn counts(&self, session: &Session, parameters: &mut Parameters<'_>) -> Result<()> {
        let [
            Parameter::ValueOutput(invocations),
            Parameter::ValueOutput(sessions),
            Parameter::None,
            Parameter::None,
        ] = parameters
        else {
            return Err(Error::BAD_PARAMETERS);
        };
        *invocations = [session.0, self.invocations];
        *sessions = [self.sessions_open, self.sessions_ever];
        Ok(())
    }
}

fn values(parameters: &mut Parameters<'_>) -> Result<()> {
    let [
        Parameter::ValueInput([a, b]),
        Parameter::ValueOutput(results),
        Parameter::ValueInout(swapped),
        Parameter::None,
    ] = parameters
    else {
        return Err(Error::BAD_PARAMETERS);
    };
    *results = [a.wrapping_add(*b), *a ^ *b];
    swapped.swap(0, 1);
    Ok(())
}

fn memory(parameters: &mut Parameters<'_>) -> Result<()> {
    let [
        Parameter::MemoryInput(input),
        Parameter::MemoryOutput(copy),
        Parameter::MemoryInout(reversed),
        Parameter::None,
    ] = parameters
    else {
        return Err(Error::BAD_PARAMETERS);
    };
    copy.write(input)?;
    reversed.bytes().reverse();
    Ok(())
}

fn fail(parameters: &mut Parameters<'_>) -> Result<()> {
    let [
        Parameter::ValueInput([result, _]),
        Parameter::ValueOutput(output),
        Parameter::None,
        Parameter::None,
    ] = parameters
    else {
        return Err(Error::BAD_PARAMETERS);
    };
    *output = [1, 2];
    utee::error::check(*result)
}

fn log(parameters: &mut Parameters<'_>) -> Result<()> {
    let [Parameter::MemoryInput(text), ..] = parameters else { return Err(Error::BAD_PARAMETERS) };
    let text = core::str::from_utf8(text).map_err(|_| Error::BAD_FORMAT)?;
    line(Level::Information, format_args!("log: {text}"));
    Ok(())
}

fn types(parameters: &mut Parameters<'_>) -> Result<()> {
    let types = parameters.iter().rev().fold(0, |types, parameter| types << 4 | kind_of(parameter));
    let [.., Parameter::ValueOutput(output)] = parameters else { return Err(Error::BAD_PARAMETERS) };
    *output = [types, 0];
    Ok(())
}

fn kind_of(parameter: &Parameter<'_>) -> u32 {
    match parameter {
        Parameter::None => kind::NONE,
        Parameter::ValueInput(_) => kind::VALUE_INPUT,
        Parameter::ValueOutput(_) => kind::VALUE_OUTPUT,
        Parameter::ValueInout(_) => kind::VALUE_INOUT,
        Parameter::MemoryInput(_) => kind::MEMREF_INPUT,
        Parameter::MemoryOutput(_) => kind::MEMREF_OUTPUT,
        Parameter::MemoryInout(_) => kind::MEMREF_INOUT,
    }
}
