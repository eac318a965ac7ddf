//! An image that tries the mechanism of user mode without a guest language: its shim plays scenes that the test
//! outside names, with guest code of a few instructions.
#![no_std]
#![no_main]

extern crate alloc;

mod guest;
mod scenes;

litebox_host_linux::image!(scenes::first);
