//! Sockets without names, and descriptions in messages. Names are tested by programs.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::*;
use crate::error::ErrorKind;
use crate::event::Readiness;
use crate::file::{Description, File, FileStatus};
use crate::pipe::PipeEnd;

fn pair(kind: SocketKind) -> (Arc<Socket>, Arc<Socket>) {
    Sockets::new().pair(kind, Credentials::default())
}

fn receive(socket: &Socket, size: usize) -> Result<Vec<u8>, ErrorKind> {
    let mut bytes = alloc::vec![0; size];
    let count = socket.read(None, &mut bytes.as_mut_slice()).map_err(|error| error.kind)?;
    bytes.truncate(count);
    Ok(bytes)
}

fn send(socket: &Socket, bytes: &[u8]) -> Result<usize, ErrorKind> {
    socket.write(None, &mut &*bytes).map_err(|error| error.kind)
}

#[test]
fn a_stream_closed_with_data_unread_resets_once_after_its_bytes() {
    let (near, far) = pair(SocketKind::Stream);
    assert_eq!((send(&near, b"xx"), send(&far, b"last")), (Ok(2), Ok(4)));
    drop(far);
    assert!(near.readiness().contains(Readiness::ERROR | Readiness::HANG_UP | Readiness::WRITE));
    assert_eq!(receive(&near, 2), Ok(b"la".to_vec()));
    assert_eq!(receive(&near, 9), Ok(b"st".to_vec()));
    assert_eq!(receive(&near, 9), Err(ErrorKind::ConnectionReset));
    assert_eq!(receive(&near, 9), Ok(Vec::new()));
    assert_eq!(send(&near, b"x"), Err(ErrorKind::BrokenPipe));
}

#[test]
fn messages_keep_their_borders_and_lose_what_does_not_fit() {
    let (near, far) = pair(SocketKind::SequencedPacket);
    assert_eq!((send(&near, b"12345678"), send(&near, b"")), (Ok(8), Ok(0)));
    let mut bytes = [0; 4];
    let peeked = far.receive(&mut bytes.as_mut_slice(), Taking::Peek(0)).unwrap();
    assert_eq!((peeked.count, peeked.length), (4, 8));
    assert_eq!(receive(&far, 4), Ok(b"1234".to_vec()));
    assert_eq!(receive(&far, 4), Ok(Vec::new()));
    assert_eq!(receive(&far, 4), Err(ErrorKind::WouldBlock));
    assert_eq!(send(&near, &alloc::vec![0; 212_992]), Err(ErrorKind::MessageTooLong));
}

#[test]
fn a_datagram_to_nobody_is_refused_once() {
    let (near, far) = pair(SocketKind::Datagram);
    drop(far);
    assert_eq!(send(&near, b"x"), Err(ErrorKind::ConnectionRefused));
    assert_eq!(send(&near, b"x"), Err(ErrorKind::NotConnected));
    assert_eq!(receive(&near, 1), Err(ErrorKind::WouldBlock));
}

#[test]
fn many_small_messages_fill_the_buffer() {
    let (near, _far) = pair(SocketKind::Datagram);
    let sent = (0..1000).take_while(|_| send(&near, &[0; 100]).is_ok()).count();
    assert_eq!(sent, 278);
    assert!(!near.readiness().contains(Readiness::WRITE));
}

#[test]
fn a_shut_direction_ends_both_ways() {
    let (near, far) = pair(SocketKind::Stream);
    assert_eq!(send(&near, b"abc"), Ok(3));
    near.shutdown(Shutdown::Write);
    assert_eq!(near.readiness(), Readiness::WRITE);
    assert!(
        far.readiness().contains(Readiness::READ_HANG_UP) && !far.readiness().contains(Readiness::HANG_UP)
    );
    assert_eq!(receive(&far, 9), Ok(b"abc".to_vec()));
    assert_eq!(receive(&far, 9), Ok(Vec::new()));
    assert_eq!(send(&near, b"x"), Err(ErrorKind::BrokenPipe));
    assert_eq!(send(&far, b"x"), Ok(1));
}

/// An open description of `file`.
fn describe(file: Arc<dyn File>) -> Arc<Description> {
    Description::new(file, FileStatus::READ | FileStatus::WRITE)
}

/// Send one byte through `socket`, with `descriptions`.
fn carry(sockets: &Sockets, socket: &Socket, descriptions: &[&Arc<Description>]) {
    let mut ancillary = Ancillary::new(Credentials::default());
    let descriptions = descriptions.iter().map(|description| Arc::clone(description)).collect();
    ancillary.carry(sockets, descriptions, None).unwrap();
    assert_eq!(socket.send(&mut &b"d"[..], None, &mut ancillary).map_err(|error| error.kind), Ok(1));
}

/// The other end of a pipe that goes with the returned description.
fn pipe() -> (Arc<PipeEnd>, Arc<Description>) {
    let (reader, writer) = PipeEnd::pair();
    (reader, describe(writer))
}

fn has_ended(pipe: &PipeEnd) -> bool {
    pipe.readiness().contains(Readiness::HANG_UP)
}

#[test]
fn descriptions_arrive_with_the_first_byte_and_end_what_is_received() {
    let sockets = Sockets::new();
    let (near, far) = sockets.pair(SocketKind::Stream, Credentials::default());
    let (reader, writer) = pipe();
    assert_eq!(send(&near, b"ab"), Ok(2));
    carry(&sockets, &near, &[&writer, &writer]);
    assert_eq!(send(&near, b"ef"), Ok(2));
    let mut bytes = [0; 9];
    let looked = far.receive(&mut bytes.as_mut_slice(), Taking::Peek(0)).unwrap();
    assert_eq!((looked.count, looked.descriptions.len()), (3, 2));
    let got = far.receive(&mut bytes.as_mut_slice(), Taking::Take).unwrap();
    assert_eq!((got.count, got.descriptions.len()), (3, 2));
    assert!(Arc::ptr_eq(&writer, got.descriptions.first().unwrap()));
    assert_eq!(receive(&far, 9), Ok(b"ef".to_vec()));
    drop((looked, writer));
    assert!(!has_ended(&reader));
    drop(got);
    assert!(has_ended(&reader));
}

#[test]
fn what_nobody_receives_is_closed_with_the_socket() {
    let sockets = Sockets::new();
    let (near, far) = sockets.pair(SocketKind::Datagram, Credentials::default());
    let (reader, writer) = pipe();
    carry(&sockets, &near, &[&writer]);
    drop(writer);
    assert!(!has_ended(&reader));
    drop(far);
    assert!(has_ended(&reader));
}

#[test]
fn rings_of_sockets_that_carry_each_other_are_collected() {
    let sockets = Sockets::new();
    for kind in [SocketKind::Stream, SocketKind::Datagram, SocketKind::SequencedPacket] {
        let (reader, writer) = pipe();
        let (first, second) = sockets.pair(kind, Credentials::default());
        let (third, fourth) = sockets.pair(kind, Credentials::default());
        let [first, second, third, fourth] = [first, second, third, fourth].map(|socket| describe(socket));
        let socket = |description: &Arc<Description>| Arc::clone(description);
        carry(&sockets, socket(&first).file_as().unwrap(), &[&third, &fourth]);
        carry(&sockets, socket(&third).file_as().unwrap(), &[&first, &second, &writer]);
        drop((writer, first, third, fourth));
        // Alive through the one that is left.
        drop(sockets.pair(kind, Credentials::default()));
        assert!(!has_ended(&reader));
        drop(second);
        drop(sockets.pair(kind, Credentials::default()));
        assert!(has_ended(&reader));
    }
}

#[test]
fn a_socket_in_its_own_inbox_is_collected() {
    let sockets = Sockets::new();
    let (reader, writer) = pipe();
    let (near, far) = sockets.pair(SocketKind::Stream, Credentials::default());
    let far = describe(far);
    carry(&sockets, &near, &[&far, &far, &writer]);
    drop((far, writer));
    assert!(!has_ended(&reader));
    drop(near);
    assert!(has_ended(&reader));
}

#[test]
fn a_long_chain_of_sockets_in_inboxes_goes_without_a_deep_stack() {
    let sockets = Sockets::new();
    let (reader, writer) = pipe();
    let mut last = writer;
    for _ in 0..5000 {
        let (near, far) = sockets.pair(SocketKind::Datagram, Credentials::default());
        let far = describe(far);
        carry(&sockets, &near, &[&last]);
        last = far;
    }
    assert!(!has_ended(&reader));
    drop(last);
    assert!(has_ended(&reader));
}

#[test]
fn too_many_descriptions_on_their_way_are_refused() {
    let sockets = Sockets::new();
    let (near, _far) = sockets.pair(SocketKind::Datagram, Credentials::default());
    let (_reader, writer) = pipe();
    for _ in 0..5 {
        carry(&sockets, &near, &[&writer]);
    }
    let mut ancillary = Ancillary::new(Credentials::default());
    let refused = ancillary.carry(&sockets, alloc::vec![writer], Some(4));
    assert_eq!(refused.map_err(|error| error.kind), Err(ErrorKind::TooManyReferences));
}

#[test]
fn bytes_of_different_senders_are_told_apart_where_that_is_asked_for() {
    let (near, far) = pair(SocketKind::Stream);
    far.set_pass_credentials(true);
    for process in [7, 7, 8] {
        let mut ancillary = Ancillary::new(Credentials { process, ..Credentials::default() });
        assert_eq!(near.send(&mut &b"x"[..], None, &mut ancillary).map_err(|error| error.kind), Ok(1));
    }
    let mut bytes = [0; 9];
    let got = far.receive(&mut bytes.as_mut_slice(), Taking::Take).unwrap();
    assert_eq!((got.count, got.credentials.map(|sender| sender.process)), (2, Some(7)));
    let got = far.receive(&mut bytes.as_mut_slice(), Taking::Take).unwrap();
    assert_eq!((got.count, got.credentials.map(|sender| sender.process)), (1, Some(8)));
}
