//! Vectors of the standards.

use alloc::vec;
use alloc::vec::Vec;

use super::{Attribute, AttributeContent, Crypto};
use crate::error::TeeError;

const AES: u32 = 0xa000_0010;

const SECRET_VALUE: u32 = 0xc000_0000;

const ECB: u32 = 0x1000_0010;
const CBC: u32 = 0x1000_0110;
const CTR: u32 = 0x1000_0210;
const MD5: u32 = 0x5000_0001;
const SHA1: u32 = 0x5000_0002;
const SHA256: u32 = 0x5000_0004;
const SHA512: u32 = 0x5000_0006;

const ENCRYPT: u32 = 0;
const DECRYPT: u32 = 1;
const DIGEST: u32 = 5;

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

fn bytes(id: u32, value: &[u8]) -> Attribute {
    Attribute { id, value: AttributeContent::Bytes(value.to_vec()) }
}

fn key_object(crypto: &mut Crypto, kind: u32, key: &[u8]) -> u32 {
    let object = crypto.allocate_object(kind, u32::try_from(key.len()).unwrap() * 8).unwrap();
    crypto.populate(object, &[bytes(SECRET_VALUE, key)]).unwrap();
    object
}

fn cipher(crypto: &mut Crypto, algorithm: u32, mode: u32, key: &[u8]) -> u32 {
    let key = key_object(crypto, AES, key);
    crypto.allocate_state(algorithm, mode, key, 0).unwrap()
}

fn digest(algorithm: u32, message: &[u8]) -> Vec<u8> {
    let mut crypto = Crypto::new();
    let state = crypto.allocate_state(algorithm, DIGEST, 0, 0).unwrap();
    crypto.hash_init(state, &[]).unwrap();
    crypto.hash_update(state, message).unwrap();
    let mut out = vec![0; crypto.hash_length(state).unwrap()];
    assert_eq!(crypto.hash_final(state, &mut out), Ok(out.len()));
    out
}

/// The message of appendix F of NIST SP 800-38A.
const MESSAGE: &str = "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51
    30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710";
const KEYS: [&str; 3] = [
    "2b7e151628aed2a6abf7158809cf4f3c",
    "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
    "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
];
/// Its initial block for CBC (F.2) and its first counter (F.5).
const FIRST_BLOCK: &str = "000102030405060708090a0b0c0d0e0f";
const FIRST_COUNTER: &str = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";

/// F.1.
const BY_ECB: [&str; 3] = [
    "3ad77bb40d7a3660a89ecaf32466ef97 f5d3d58503b9699de785895a96fdbaaf
     43b1cd7f598ece23881b00e3ed030688 7b0c785e27e8ad3f8223207104725dd4",
    "bd334f1d6e45f25ff712a214571fa5cc 974104846d0ad3ad7734ecb3ecee4eef
     ef7afd2270e2e60adce0ba2face6444e 9a4b41ba738d6c72fb16691603c18e0e",
    "f3eed1bdb5d2a03c064b5a7e3db181f8 591ccb10d410ed26dc5ba74a31362870
     b6ed21b99ca6f4f9f153e7b1beafed1d 23304b7a39f9f3ff067d8d8f9e24ecc7",
];
/// F.2.
const BY_CBC: [&str; 3] = [
    "7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2
     73bed6b8e3c1743b7116e69e22229516 3ff1caa1681fac09120eca307586e1a7",
    "4f021db243bc633d7178183a9fa071e8 b4d9ada9ad7dedf4e5e738763f69145a
     571b242012fb7ae07fa9baac3df102e0 08b0e27988598881d920a9e64f5615cd",
    "f58c4c04d6e5f1ba779eabfb5f7bfbd6 9cfc4e967edb808d679f777bc6702c7d
     39f23369a9d9bacfa530e26304231461 b2eb05e2c39be9fcda6c19078c6a9d1b",
];
/// F.5.
const BY_CTR: [&str; 3] = [
    "874d6191b620e3261bef6864990db6ce 9806f66b7970fdff8617187bb9fffdff
     5ae4df3edbd5d35e5b4f09020db03eab 1e031dda2fbe03d1792170a0f3009cee",
    "1abc932417521ca24f2b0459fe7e6e0b 090339ec0aa6faefd5ccc2c6f4ce8e94
     1e36b26bd1ebc670d1bd1d665620abf7 4f78a7f6d29809585a97daec58c6b050",
    "601ec313775789a5b7a7f504bbf3d228 f443e3ca4d62b59aca84e990cacaf5c5
     2b0930daa23de94ce87017ba2d84988d dfc9c58db67aada613c2dd08457941a6",
];

/// Runs `input` through the operation in two parts, and in a third that `cipher_final` takes.
fn check_split(crypto: &mut Crypto, state: u32, iv: &[u8], input: &[u8], output: &[u8], at: (usize, usize)) {
    crypto.cipher_init(state, iv).unwrap();
    let mut data = input.to_vec();
    let (first, rest) = data.split_at_mut(at.0);
    let (second, last) = rest.split_at_mut(at.1);
    crypto.cipher_update(state, first).unwrap();
    crypto.cipher_update(state, second).unwrap();
    crypto.cipher_final(state, last).unwrap();
    assert_eq!(data, output, "{at:?}");
    assert_eq!(crypto.cipher_update(state, &mut []), Err(TeeError::BAD_STATE));
}

/// Both directions with each key, at every pair of split points that is a multiple of `step`.
fn check_cipher(algorithm: u32, iv: &str, results: [&str; 3], step: usize) {
    let (message, iv) = (hex(MESSAGE), hex(iv));
    for (key, result) in KEYS.iter().zip(results) {
        let (mut crypto, key, result) = (Crypto::new(), hex(key), hex(result));
        let encryption = cipher(&mut crypto, algorithm, ENCRYPT, &key);
        let decryption = cipher(&mut crypto, algorithm, DECRYPT, &key);
        for first in (0..=message.len()).step_by(step) {
            for second in (0..=message.len() - first).step_by(step) {
                check_split(&mut crypto, encryption, &iv, &message, &result, (first, second));
                check_split(&mut crypto, decryption, &iv, &result, &message, (first, second));
            }
        }
        crypto.free_state(encryption).unwrap();
        crypto.free_state(decryption).unwrap();
        assert_eq!(crypto.counts(), (0, 0));
    }
}

#[test]
fn aes_ecb_is_that_of_sp_800_38a() {
    check_cipher(ECB, "", BY_ECB, 16);
}

#[test]
fn aes_cbc_is_that_of_sp_800_38a() {
    check_cipher(CBC, FIRST_BLOCK, BY_CBC, 16);
}

#[test]
fn aes_ctr_is_that_of_sp_800_38a_at_every_split() {
    check_cipher(CTR, FIRST_COUNTER, BY_CTR, 1);
}

/// Computed with `openssl enc -aes-128-ctr`; after the counter of all ones comes 0.
#[test]
fn the_counter_goes_round() {
    let mut crypto = Crypto::new();
    let state = cipher(&mut crypto, CTR, ENCRYPT, &hex(KEYS[0]));
    crypto.cipher_init(state, &[0xff; 16]).unwrap();
    let mut data = [0; 40];
    let (first, last) = data.split_at_mut(17);
    crypto.cipher_update(state, first).unwrap();
    crypto.cipher_final(state, last).unwrap();
    assert_eq!(
        data.as_slice(),
        hex("8af2860142f786f409307c1a3f7eaaac7df76b0c1ab899b33e42f047b91b546f57127d4034b1bebf")
    );
}

/// FIPS 180-4's examples, and RFC 1321's for MD5; all were checked with `openssl dgst`.
const DIGESTS: [(&str, [&str; 6]); 4] = [
    (
        "",
        [
            "d41d8cd98f00b204e9800998ecf8427e",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
            "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce
             47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
        ],
    ),
    (
        "abc",
        [
            "900150983cd24fb0d6963f7d28e17f72",
            "a9993e364706816aba3e25717850c26c9cd0d89d",
            "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ],
    ),
    (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        [
            "8215ef0796a20bcaaae116d3876c664a",
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
            "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            "3391fdddfc8dc7393707a65b1b4709397cf8b1d162af05abfe8f450de5f36bc6b0455a8520bc4e6f5fe95b1fe3c8452b",
            "204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c335
             96fd15c13b1b07f9aa1d3bea57789ca031ad85c7a71dd70354ec631238ca3445",
        ],
    ),
    (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno\
         ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        [
            "03dd8807a93175fb062dfb55dc7d359c",
            "a49b2446a02c645bf419f995b67091253a04a259",
            "c97ca9a559850ce97a04a96def6d99a9e0e0e2ab14e6b8df265fc0b3",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
            "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039",
            "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018
             501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909",
        ],
    ),
];

#[test]
fn digests_are_those_of_the_standards() {
    for (message, results) in DIGESTS {
        for (algorithm, result) in (MD5..).zip(results) {
            assert_eq!(digest(algorithm, message.as_bytes()), hex(result), "{algorithm:#x} {message}");
        }
    }
}

/// RFC 1321, A.5.
#[test]
fn md5_is_that_of_rfc_1321() {
    for (message, result) in [
        ("a", "0cc175b9c0f1b6a831c399e269772661"),
        ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
        (
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            "d174ab98d277d9f5a5611c2c9f419d9f",
        ),
        (
            "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
            "57edf4a22be3c955ac49da2e2107b67a",
        ),
    ] {
        assert_eq!(digest(MD5, message.as_bytes()), hex(result), "{message}");
    }
}

/// A million times `a`, in pieces of many lengths (FIPS 180-2, A.3, B.3 and C.3).
#[test]
fn long_messages_are_digested_in_pieces() {
    for (algorithm, result) in [
        (MD5, "7707d6ae4e027c70eea2a935c2296f21"),
        (SHA1, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
        (SHA256, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        (
            SHA512,
            "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb
             de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b",
        ),
    ] {
        let mut crypto = Crypto::new();
        let state = crypto.allocate_state(algorithm, DIGEST, 0, 0).unwrap();
        crypto.hash_init(state, &[]).unwrap();
        let (mut left, mut length) = (1_000_000, 0);
        while left > 0 {
            let piece = left.min(length % 301);
            crypto.hash_update(state, &vec![b'a'; piece]).unwrap();
            (left, length) = (left - piece, length + 1);
        }
        let mut out = [0; 64];
        let written = crypto.hash_final(state, &mut out).unwrap();
        assert_eq!(out[..written], hex(result));
    }
}
