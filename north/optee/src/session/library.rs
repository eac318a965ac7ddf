//! The files of applications.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::ambient::{self, Log};
use litebox_host::sync::Mutex;
use litebox_libos::file::{Caller, File, OpenRequest, Place, View};
use litebox_libos::identity::Credentials;
use litebox_libos::memory::buffer;

use crate::abi::identity::Uuid;
use crate::error::{Result, TeeError};
use crate::loader::{Image, MAX_FILE};

/// The folder with the applications, each read when it is first asked for.
pub(crate) struct Library {
    place: Arc<Place>,
    caller: Caller,
    /// The path of the application that the sandbox was started with.
    main: Vec<u8>,
    main_image: Mutex<Option<Arc<Image>>>,
    images: Mutex<BTreeMap<[u8; 16], Arc<Image>>>,
}

impl Library {
    pub(crate) fn new(place: Arc<Place>, credentials: Credentials, main: Vec<u8>) -> Self {
        let caller = Caller { credentials, process: 1, thread: 1 };
        Self { place, caller, main, main_image: Mutex::default(), images: Mutex::default() }
    }

    /// The application named `uuid`, or the main one. Any other lies beside the main one, as `<uuid>.ta`.
    ///
    /// # Errors
    /// `ITEM_NOT_FOUND`; `SECURITY` if the file is another application's; those of [`Image::parse`] and of the file.
    pub(crate) fn find(&self, uuid: Option<Uuid>) -> Result<Arc<Image>> {
        let known = match uuid {
            None => self.main_image.lock().clone(),
            Some(uuid) => self.images.lock().get(&key(uuid)).cloned(),
        };
        if let Some(image) = known {
            return Ok(image);
        }
        let image = match uuid {
            None => self.read(&self.main)?,
            Some(uuid) => {
                let folder = self.main.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
                let folder = self.main.get(..folder).unwrap_or_default();
                let image = self.read(&[folder, format!("{uuid}.ta").as_bytes()].concat())?;
                if image.head.uuid != uuid {
                    return Err(TeeError::SECURITY);
                }
                image
            }
        };
        let image = Arc::new(image);
        if uuid.is_none() {
            *self.main_image.lock() = Some(Arc::clone(&image));
        }
        self.images.lock().insert(key(image.head.uuid), Arc::clone(&image));
        Ok(image)
    }

    /// Read the main application, so that it is known by its name.
    pub(crate) fn main(&self) -> Result<Uuid> {
        Ok(self.find(None)?.head.uuid)
    }

    /// Read and check a file; whoever runs the sandbox is told why one cannot be used.
    fn read(&self, path: &[u8]) -> Result<Image> {
        let file = View::new(&self.place, &self.caller).open(path, &OpenRequest::READ);
        let image = file.map_err(TeeError::from).and_then(|file| Image::parse(contents(&*file)?));
        image.inspect_err(|error| {
            let line = format!("cannot use the application {}: {}", path.escape_ascii(), reason(*error));
            ambient::log(Log::Note, &line);
        })
    }
}

/// Why a file cannot be used, in words.
fn reason(error: TeeError) -> &'static str {
    match error {
        TeeError::ITEM_NOT_FOUND => "there is no such file beside the main one",
        TeeError::ACCESS_DENIED => "it cannot be read",
        TeeError::BAD_FORMAT => "it is no trusted application for x86-64, or a damaged one",
        TeeError::NOT_SUPPORTED => {
            "it needs shared libraries, thread-local storage or relocations beyond relative ones"
        }
        TeeError::OUT_OF_MEMORY => "it does not fit into the sandbox's memory",
        _ => "it cannot be read from its file system",
    }
}

/// All bytes of a file.
fn contents(file: &dyn File) -> Result<Vec<u8>> {
    let size = usize::try_from(file.attributes()?.size).unwrap_or(usize::MAX);
    if size > MAX_FILE {
        return Err(TeeError::BAD_FORMAT);
    }
    let mut bytes = buffer::zeroed(size)?;
    let mut done = 0;
    while let Some(mut rest) = bytes.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match file.read(Some(done as u64), &mut rest)? {
            0 => break,
            count => done += count,
        }
    }
    bytes.truncate(done);
    Ok(bytes)
}

fn key(uuid: Uuid) -> [u8; 16] {
    use zerocopy::IntoBytes;
    uuid.as_bytes().try_into().unwrap_or_default()
}
