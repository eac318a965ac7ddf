//! Vectors of the standards, the rules for errors, and random calls.

use alloc::vec;
use alloc::vec::Vec;

use super::algorithm::Function;
use super::digest::Authentication;
use super::{Attribute, AttributeContent, AttributeValue, Crypto};
use crate::error::TeeError;

const AES: u32 = 0xa000_0010;
const DES: u32 = 0xa000_0011;
const DES3: u32 = 0xa000_0013;
const HMAC_MD5: u32 = 0xa000_0001;
const HMAC_SHA1: u32 = 0xa000_0002;
const HMAC_SHA256: u32 = 0xa000_0004;
const GENERIC_SECRET: u32 = 0xa000_0000;
const HKDF_IKM: u32 = 0xa100_00c0;
const DATA: u32 = 0xa000_00bf;
const RSA_KEYPAIR: u32 = 0xa100_0030;

const SECRET_VALUE: u32 = 0xc000_0000;
const HKDF_IKM_VALUE: u32 = 0xc000_01c0;
const RSA_MODULUS: u32 = 0xd000_0130;

const ECB: u32 = 0x1000_0010;
const CBC: u32 = 0x1000_0110;
const CTR: u32 = 0x1000_0210;
const XTS: u32 = 0x1000_0410;
const MD5: u32 = 0x5000_0001;
const SHA1: u32 = 0x5000_0002;
const SHA256: u32 = 0x5000_0004;
const SHA512: u32 = 0x5000_0006;
/// To be added to the number of a digest among the digests.
const HMAC: u32 = 0x3000_0000;

const ENCRYPT: u32 = 0;
const DECRYPT: u32 = 1;
const MAC: u32 = 4;
const DIGEST: u32 = 5;

const EXTRACTABLE: u32 = 1;
const USAGE_ENCRYPT: u32 = 2;
const INITIALIZED: u32 = 0x2_0000;

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.as_chunks().0.iter().map(|[high, low]| u8::try_from(high * 16 + low).unwrap()).collect()
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
        assert_eq!(out.get(..written), Some(hex(result).as_slice()));
    }
}

/// Key, message and results by digest.
type Authenticated = (&'static [u8], &'static [u8], &'static [(Function, &'static str)]);

/// RFC 2202 (cases 1, 2, 3 and 6) and RFC 4231 (cases 1 to 4, 6 and 7), checked with Python's `hmac`.
const AUTHENTICATED: [Authenticated; 9] = [
    (&[0x0b; 16], b"Hi There", &[(Function::Md5, "9294727a3638bb1c13f48ef8158bfc9d")]),
    (
        b"Jefe",
        b"what do ya want for nothing?",
        &[
            (Function::Md5, "750c783e6ab0b503eaa86e310a5db738"),
            (Function::Sha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
            (Function::Sha224, "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44"),
            (Function::Sha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            (
                Function::Sha384,
                "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
            ),
            (
                Function::Sha512,
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
            ),
        ],
    ),
    (&[0xaa; 16], &[0xdd; 50], &[(Function::Md5, "56be34521d144c88dbb8c733f0e8b3f6")]),
    (
        &[0xaa; 20],
        &[0xdd; 50],
        &[
            (Function::Sha1, "125d7342b9ac11cd91a39af48aa17b4f63f175d3"),
            (Function::Sha224, "7fb3cb3588c6c1f6ffa9694d7d6ad2649365b0c1f65d69d1ec8333ea"),
            (Function::Sha256, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
            (
                Function::Sha384,
                "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27",
            ),
            (
                Function::Sha512,
                "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
            ),
        ],
    ),
    (
        &[0x0b; 20],
        b"Hi There",
        &[
            (Function::Sha1, "b617318655057264e28bc0b6fb378c8ef146be00"),
            (Function::Sha224, "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22"),
            (Function::Sha256, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (
                Function::Sha384,
                "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
            ),
            (
                Function::Sha512,
                "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
            ),
        ],
    ),
    (
        &[0xaa; 80],
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        &[
            (Function::Md5, "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd"),
            (Function::Sha1, "aa4ae5e15272d00e95705637ce8a3b55ed402112"),
        ],
    ),
    (
        &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25],
        &[0xcd; 50],
        &[
            (Function::Sha224, "6c11506874013cac6a2abc1bb382627cec6a90d86efc012de7afec5a"),
            (Function::Sha256, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
            (
                Function::Sha384,
                "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb",
            ),
            (
                Function::Sha512,
                "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd",
            ),
        ],
    ),
    (
        &[0xaa; 131],
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        &[
            (Function::Sha224, "95e9a0db962095adaebe9b2d6f0dbce2d499f112f2d2b7273fa6870e"),
            (Function::Sha256, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
            (
                Function::Sha384,
                "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
            ),
            (
                Function::Sha512,
                "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
            ),
        ],
    ),
    (
        &[0xaa; 131],
        b"This is a test using a larger than block-size key and a larger than block-size data. \
        The key needs to be hashed before being used by the HMAC algorithm.",
        &[
            (Function::Sha224, "3a854166ac5d9f023f54d517d0b39dbd946770db9c2b95c9f6f565d1"),
            (Function::Sha256, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
            (
                Function::Sha384,
                "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e",
            ),
            (
                Function::Sha512,
                "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
            ),
        ],
    ),
];

/// By the computation alone: keys as short or as long as some of these are no keys of objects.
#[test]
fn hmac_is_that_of_rfc_2202_and_rfc_4231() {
    for (key, message, results) in AUTHENTICATED {
        for (function, result) in results {
            for split in 0..=message.len() {
                let (first, last) = message.split_at(split);
                let mut authentication = Authentication::new(*function, key).unwrap();
                authentication.update(first);
                authentication.update(last);
                let mut out = vec![0; function.length()];
                assert_eq!(authentication.result(&mut out), Ok(out.len()));
                assert_eq!(out, hex(result));
            }
        }
    }
}

/// Through objects, with a key of 32 bytes that every digest takes.
#[test]
fn operations_authenticate_with_the_key_of_their_object() {
    let key: Vec<u8> = (0..32).collect();
    for (number, result) in (1..).zip([
        "402b833eacaf1bff45d89bba5d52c9da",
        "fde25bea45b90744715078c176caef9942f77498",
        "f8930d410fdd27f8d703d1f9852a2202569224942a0a8cc02a25db71",
        "f0133729c4163dede81e21cd47839256da58171238c8a0d874397c73b14e1e47",
        "0118b503c345483648a9ea6a1243ee9c65f3edea3092adbc4b86ea0d94ca8192a25f5e2714a5725b4a7112bd450473a5",
        "69d4a21e226bf0d348cb9a847c01cf24e93e8ac30d7c951704b936f82f795a624b470e23abd33ac8700e797f0f2a499b932bac7d283bbbb37d8fecf70d5e08a7",
    ]) {
        let mut crypto = Crypto::new();
        let object = key_object(&mut crypto, GENERIC_SECRET + number, &key);
        let state = crypto.allocate_state(HMAC + number, MAC, object, 0).unwrap();
        for _ in 0..2 {
            crypto.hash_init(state, b"not used").unwrap();
            crypto.hash_update(state, b"ab").unwrap();
            crypto.hash_update(state, b"c").unwrap();
            let mut out = vec![0; crypto.hash_length(state).unwrap()];
            assert_eq!(crypto.hash_final(state, &mut out), Ok(out.len()));
            assert_eq!(out, hex(result));
        }
        crypto.free_state(state).unwrap();
        assert_eq!(crypto.counts(), (0, 0));
    }
}

#[test]
fn objects_are_allocated_in_the_sizes_of_their_type() {
    let mut crypto = Crypto::new();
    for (kind, good, bad) in [
        (AES, &[128, 192, 256][..], &[0, 64, 127, 129, 320, u32::MAX][..]),
        (DES, &[56, 64], &[0, 57, 112, 128]),
        (DES3, &[112, 128, 168, 192], &[56, 64, 120, 224, 256]),
        (HMAC_MD5, &[64, 72, 512], &[56, 65, 520]),
        (HMAC_SHA1, &[80, 512], &[72, 520]),
        (HMAC_SHA256, &[192, 1024], &[184, 1032]),
        (GENERIC_SECRET, &[0, 8, 4096], &[1, 4104, 0xffff_fff8]),
        (HKDF_IKM, &[0, 8, 4096], &[4097]),
        (DATA, &[0], &[8]),
        (RSA_KEYPAIR, &[], &[2048]),
        (0, &[], &[0, 128]),
    ] {
        for bits in good {
            let object = crypto.allocate_object(kind, *bits).unwrap();
            let info = crypto.object_info(object).unwrap();
            assert_eq!((info.kind, info.size_bits, info.max_bits), (kind, 0, *bits));
            assert_eq!((info.usage, info.handle_flags), (u32::MAX, 0));
            crypto.close_object(object).unwrap();
        }
        for bits in bad {
            assert_eq!(crypto.allocate_object(kind, *bits), Err(TeeError::NOT_SUPPORTED), "{kind:#x} {bits}");
        }
    }
    assert_eq!(crypto.counts(), (0, 0));
}

#[test]
fn there_are_at_most_1024_objects_and_states() {
    let mut crypto = Crypto::new();
    for _ in 0..1024 {
        crypto.allocate_object(DATA, 0).unwrap();
        crypto.allocate_state(MD5, DIGEST, 0, 0).unwrap();
    }
    assert_eq!(crypto.allocate_object(DATA, 0), Err(TeeError::OUT_OF_MEMORY));
    assert_eq!(crypto.allocate_state(MD5, DIGEST, 0, 0), Err(TeeError::OUT_OF_MEMORY));
    assert_eq!(crypto.counts(), (1024, 1024));
}

/// An operation that does not come about leaves its key free.
#[test]
fn a_key_is_not_busy_when_there_is_no_room_for_its_operation() {
    let mut crypto = Crypto::new();
    let key = key_object(&mut crypto, AES, &[1; 16]);
    for _ in 0..1024 {
        crypto.allocate_state(MD5, DIGEST, 0, 0).unwrap();
    }
    assert_eq!(crypto.allocate_state(CTR, ENCRYPT, key, 0), Err(TeeError::OUT_OF_MEMORY));
    crypto.close_object(key).unwrap();
}

#[test]
fn unknown_objects_are_told_by_each_call() {
    let mut crypto = Crypto::new();
    let known = crypto.allocate_object(AES, 128).unwrap();
    let gone = crypto.allocate_object(AES, 128).unwrap();
    crypto.close_object(gone).unwrap();
    for object in [0, 1, gone, known + 1, known ^ 0x8000_0000, u32::MAX] {
        assert_eq!(crypto.object_info(object).map(|_| ()), Err(TeeError::BAD_STATE));
        assert_eq!(crypto.restrict_usage(object, 0), Err(TeeError::BAD_STATE));
        assert_eq!(crypto.attribute(object, SECRET_VALUE), Err(TeeError::ITEM_NOT_FOUND));
        assert_eq!(crypto.close_object(object), Err(TeeError::BAD_STATE));
        assert_eq!(crypto.reset_object(object), Err(TeeError::BAD_STATE));
        assert_eq!(crypto.populate(object, &[]), Err(TeeError::BAD_STATE));
        assert_eq!(crypto.copy_object(object, known), Err(TeeError::BAD_STATE));
        assert_eq!(crypto.copy_object(known, object), Err(TeeError::BAD_STATE));
        assert_eq!(crypto.generate_key(object, 128, &mut |_| ()), Err(TeeError::BAD_STATE));
        if object != 0 {
            assert_eq!(crypto.allocate_state(CTR, ENCRYPT, object, 0), Err(TeeError::BAD_STATE));
        }
    }
}

#[test]
fn unknown_states_are_told_by_each_call() {
    let mut crypto = Crypto::new();
    let known = crypto.allocate_state(MD5, DIGEST, 0, 0).unwrap();
    let gone = crypto.allocate_state(MD5, DIGEST, 0, 0).unwrap();
    crypto.free_state(gone).unwrap();
    for state in [0, 1, gone, known + 1, known ^ 0x8000_0000, u32::MAX] {
        assert_eq!(crypto.copy_state(state, known), Err(TeeError::BAD_PARAMETERS));
        assert_eq!(crypto.copy_state(known, state), Err(TeeError::BAD_PARAMETERS));
        assert_eq!(crypto.free_state(state), Err(TeeError::BAD_PARAMETERS));
        assert_eq!(crypto.hash_init(state, &[]), Err(TeeError::BAD_PARAMETERS));
        assert_eq!(crypto.hash_update(state, &[]), Err(TeeError::BAD_PARAMETERS));
        assert_eq!(crypto.hash_length(state), Err(TeeError::BAD_PARAMETERS));
        assert_eq!(crypto.hash_final(state, &mut [0; 64]), Err(TeeError::BAD_PARAMETERS));
        assert_eq!(crypto.cipher_init(state, &[]), Err(TeeError::BAD_PARAMETERS));
        assert_eq!(crypto.cipher_update(state, &mut []), Err(TeeError::BAD_PARAMETERS));
        assert_eq!(crypto.cipher_final(state, &mut []), Err(TeeError::BAD_PARAMETERS));
    }
}

#[test]
fn objects_take_one_value_of_the_right_attribute_and_size() {
    let mut crypto = Crypto::new();
    let object = crypto.allocate_object(AES, 192).unwrap();
    let value = |length| bytes(SECRET_VALUE, &vec![7; length]);
    for (attributes, error) in [
        (vec![], TeeError::ITEM_NOT_FOUND),
        (vec![bytes(RSA_MODULUS, &[7; 16])], TeeError::ITEM_NOT_FOUND),
        (vec![value(16), value(16)], TeeError::ITEM_NOT_FOUND),
        (vec![value(16), bytes(RSA_MODULUS, &[7; 16])], TeeError::ITEM_NOT_FOUND),
        (vec![bytes(HKDF_IKM_VALUE, &[7; 16])], TeeError::ITEM_NOT_FOUND),
        (
            vec![Attribute { id: SECRET_VALUE, value: AttributeContent::Value(1, 2) }],
            TeeError::BAD_PARAMETERS,
        ),
        (vec![value(0)], TeeError::BAD_PARAMETERS),
        (vec![value(17)], TeeError::BAD_PARAMETERS),
        (vec![value(25)], TeeError::BAD_STATE),
        (vec![value(32)], TeeError::BAD_STATE),
    ] {
        assert_eq!(crypto.populate(object, &attributes), Err(error));
        assert_eq!(crypto.object_info(object).unwrap().handle_flags, 0);
    }
    crypto.populate(object, &[value(16)]).unwrap();
    let info = crypto.object_info(object).unwrap();
    assert_eq!((info.size_bits, info.max_bits, info.handle_flags), (128, 192, INITIALIZED));
    assert_eq!(crypto.populate(object, &[value(16)]), Err(TeeError::BAD_PARAMETERS));
    assert_eq!(crypto.generate_key(object, 128, &mut |_| ()), Err(TeeError::BAD_STATE));
    crypto.reset_object(object).unwrap();
    assert_eq!(crypto.object_info(object).unwrap().size_bits, 0);
    crypto.populate(object, &[value(24)]).unwrap();
}

#[test]
fn what_keys_are_derived_from_and_pure_data_have_their_own_attributes() {
    let mut crypto = Crypto::new();
    let source = crypto.allocate_object(HKDF_IKM, 64).unwrap();
    assert_eq!(crypto.populate(source, &[bytes(SECRET_VALUE, &[1])]), Err(TeeError::ITEM_NOT_FOUND));
    crypto.populate(source, &[bytes(HKDF_IKM_VALUE, &[1, 2])]).unwrap();
    assert_eq!(crypto.attribute(source, HKDF_IKM_VALUE), Ok(AttributeValue::Bytes(&[1, 2])));
    let data = crypto.allocate_object(DATA, 0).unwrap();
    assert_eq!(crypto.populate(data, &[bytes(SECRET_VALUE, &[])]), Err(TeeError::ITEM_NOT_FOUND));
    assert_eq!(crypto.generate_key(data, 0, &mut |_| ()), Err(TeeError::NOT_SUPPORTED));
    crypto.populate(data, &[]).unwrap();
    assert_eq!(crypto.attribute(data, SECRET_VALUE), Err(TeeError::ITEM_NOT_FOUND));
}

#[test]
fn attributes_are_read_unless_the_object_is_not_extractable() {
    let mut crypto = Crypto::new();
    let object = crypto.allocate_object(GENERIC_SECRET, 64).unwrap();
    assert_eq!(crypto.attribute(object, SECRET_VALUE), Err(TeeError::BAD_PARAMETERS));
    crypto.populate(object, &[bytes(SECRET_VALUE, b"secret")]).unwrap();
    assert_eq!(crypto.attribute(object, SECRET_VALUE), Ok(AttributeValue::Bytes(b"secret")));
    assert_eq!(crypto.attribute(object, RSA_MODULUS), Err(TeeError::ITEM_NOT_FOUND));
    crypto.restrict_usage(object, !EXTRACTABLE).unwrap();
    crypto.restrict_usage(object, EXTRACTABLE | USAGE_ENCRYPT).unwrap();
    assert_eq!(crypto.object_info(object).unwrap().usage, USAGE_ENCRYPT);
    assert_eq!(crypto.attribute(object, SECRET_VALUE), Err(TeeError::BAD_PARAMETERS));
    assert_eq!(crypto.attribute(object, RSA_MODULUS), Err(TeeError::ITEM_NOT_FOUND));
    crypto.reset_object(object).unwrap();
    assert_eq!(crypto.object_info(object).unwrap().usage, u32::MAX);
}

#[test]
fn copies_take_value_and_restrictions() {
    let mut crypto = Crypto::new();
    let from = key_object(&mut crypto, AES, &[9; 24]);
    crypto.restrict_usage(from, USAGE_ENCRYPT | EXTRACTABLE).unwrap();
    let narrow = crypto.allocate_object(AES, 128).unwrap();
    let other = crypto.allocate_object(GENERIC_SECRET, 4096).unwrap();
    let to = crypto.allocate_object(AES, 256).unwrap();
    assert_eq!(crypto.copy_object(narrow, from), Err(TeeError::BAD_STATE));
    assert_eq!(crypto.copy_object(other, from), Err(TeeError::BAD_PARAMETERS));
    assert_eq!(crypto.copy_object(to, narrow), Err(TeeError::BAD_PARAMETERS));
    assert_eq!(crypto.copy_object(from, from), Err(TeeError::BAD_PARAMETERS));
    crypto.copy_object(to, from).unwrap();
    let info = crypto.object_info(to).unwrap();
    assert_eq!((info.size_bits, info.max_bits, info.usage), (192, 256, USAGE_ENCRYPT | EXTRACTABLE));
    assert_eq!(crypto.attribute(to, SECRET_VALUE), Ok(AttributeValue::Bytes(&[9; 24])));
    assert_eq!(crypto.copy_object(to, from), Err(TeeError::BAD_PARAMETERS));
}

#[test]
fn keys_are_generated_in_the_sizes_of_their_type() {
    let mut crypto = Crypto::new();
    let mut next = 0;
    let mut random = |to: &mut [u8]| {
        to.fill_with(|| {
            next += 1;
            next
        });
    };
    let object = crypto.allocate_object(AES, 192).unwrap();
    assert_eq!(crypto.generate_key(object, 64, &mut random), Err(TeeError::NOT_SUPPORTED));
    assert_eq!(crypto.generate_key(object, 256, &mut random), Err(TeeError::BAD_PARAMETERS));
    crypto.generate_key(object, 128, &mut random).unwrap();
    let key: Vec<u8> = (1..=16).collect();
    assert_eq!(crypto.attribute(object, SECRET_VALUE), Ok(AttributeValue::Bytes(&key)));
    assert_eq!(crypto.object_info(object).unwrap().size_bits, 128);
    assert_eq!(crypto.generate_key(object, 128, &mut random), Err(TeeError::BAD_STATE));
}

/// A DES key has 8 bytes, whether its size is told as 56 or as 64 bits.
#[test]
fn des_sizes_are_with_parity_or_without() {
    for (kind, max_bits, bits, length, told) in [
        (DES, 64, 64, 8, 64),
        (DES, 56, 56, 8, 56),
        (DES, 56, 64, 8, 56),
        (DES3, 192, 128, 16, 128),
        (DES3, 168, 112, 16, 112),
        (DES3, 168, 168, 24, 168),
        (DES3, 192, 168, 24, 192),
    ] {
        let mut crypto = Crypto::new();
        let object = crypto.allocate_object(kind, max_bits).unwrap();
        crypto.generate_key(object, bits, &mut |to: &mut [u8]| to.fill(0x54)).unwrap();
        assert_eq!(crypto.object_info(object).unwrap().size_bits, told);
        let key = vec![0x54; length];
        assert_eq!(crypto.attribute(object, SECRET_VALUE), Ok(AttributeValue::Bytes(&key)));
        crypto.reset_object(object).unwrap();
        assert_eq!(crypto.populate(object, &[bytes(SECRET_VALUE, &[0; 7])]), Err(TeeError::BAD_PARAMETERS));
        crypto.populate(object, &[bytes(SECRET_VALUE, &key)]).unwrap();
        assert_eq!(crypto.object_info(object).unwrap().size_bits, told);
    }
}

#[test]
fn generated_des_keys_have_odd_parity() {
    let mut crypto = Crypto::new();
    let object = crypto.allocate_object(DES3, 192).unwrap();
    let mut next = 0;
    crypto
        .generate_key(object, 192, &mut |to: &mut [u8]| {
            to.fill_with(|| {
                next += 10;
                next
            });
        })
        .unwrap();
    let Ok(AttributeValue::Bytes(key)) = crypto.attribute(object, SECRET_VALUE) else { panic!() };
    assert!(key.iter().all(|byte| byte.count_ones() % 2 == 1));
}

#[test]
fn operations_take_the_keys_and_modes_of_their_algorithm() {
    let mut crypto = Crypto::new();
    let aes = crypto.allocate_object(AES, 256).unwrap();
    let second = crypto.allocate_object(AES, 256).unwrap();
    let secret = crypto.allocate_object(GENERIC_SECRET, 256).unwrap();
    let hmac = crypto.allocate_object(HMAC_SHA256, 256).unwrap();
    for (algorithm, mode, key1, key2) in [
        (CTR, ENCRYPT, 0, 0),
        (CTR, ENCRYPT, 0, aes),
        (CTR, ENCRYPT, aes, second),
        (CTR, ENCRYPT, aes, aes),
        (CTR, ENCRYPT, aes, 77),
        (CTR, ENCRYPT, secret, 0),
        (CTR, ENCRYPT, hmac, 0),
        (CTR, MAC, aes, 0),
        (CTR, 7, aes, 0),
        (SHA256, DIGEST, hmac, 0),
        (SHA256, DIGEST, 0, hmac),
        (SHA256, MAC, 0, 0),
        (SHA256, ENCRYPT, 0, 0),
        (HMAC + 4, MAC, 0, 0),
        (HMAC + 4, MAC, aes, 0),
        (HMAC + 2, MAC, hmac, 0),
        (HMAC + 4, DIGEST, hmac, 0),
    ] {
        assert_eq!(crypto.allocate_state(algorithm, mode, key1, key2), Err(TeeError::BAD_PARAMETERS));
    }
    for algorithm in [XTS, 0x4000_0810, 0x7000_4830, 0x5000_0007, 0x3000_0007, 0, u32::MAX] {
        assert_eq!(crypto.allocate_state(algorithm, ENCRYPT, aes, 0), Err(TeeError::NOT_SUPPORTED));
    }
    assert_eq!(crypto.counts(), (4, 0));
}

#[test]
fn keys_of_operations_are_busy_and_go_with_them() {
    let mut crypto = Crypto::new();
    let key = key_object(&mut crypto, AES, &[1; 16]);
    let state = crypto.allocate_state(CBC, ENCRYPT, key, 0).unwrap();
    assert_eq!(crypto.close_object(key), Err(TeeError::ITEM_NOT_FOUND));
    assert_eq!(crypto.allocate_state(CBC, DECRYPT, key, 0), Err(TeeError::BAD_PARAMETERS));
    assert_eq!(crypto.counts(), (1, 1));
    crypto.free_state(state).unwrap();
    assert_eq!(crypto.counts(), (0, 0));
    assert_eq!(crypto.object_info(key).map(|_| ()), Err(TeeError::BAD_STATE));
    assert_eq!(crypto.free_state(state), Err(TeeError::BAD_PARAMETERS));
}

/// As libutee does: the operation first, then its key (`TEE_SetOperationKey`), and later another.
#[test]
fn the_key_of_an_operation_is_set_after_it_is_made() {
    let mut crypto = Crypto::new();
    let own = crypto.allocate_object(AES, 256).unwrap();
    let state = crypto.allocate_state(ECB, ENCRYPT, own, 0).unwrap();
    assert_eq!(crypto.cipher_init(state, &[]), Err(TeeError::BAD_PARAMETERS));
    for (key, result) in KEYS.iter().zip(BY_ECB) {
        let given = key_object(&mut crypto, AES, &hex(key));
        crypto.reset_object(own).unwrap();
        crypto.copy_object(own, given).unwrap();
        crypto.close_object(given).unwrap();
        crypto.cipher_init(state, &[]).unwrap();
        let mut data = hex(MESSAGE);
        crypto.cipher_final(state, &mut data).unwrap();
        assert_eq!(data, hex(result));
    }
}

#[test]
fn keys_are_used_for_what_they_are_allowed_for() {
    let mut crypto = Crypto::new();
    for (kind, algorithm, mode, usage) in
        [(AES, CTR, ENCRYPT, 2), (AES, CBC, DECRYPT, 4), (HMAC_SHA256, HMAC + 4, MAC, 8)]
    {
        let key = key_object(&mut crypto, kind, &[5; 32]);
        let state = crypto.allocate_state(algorithm, mode, key, 0).unwrap();
        for (mask, result) in [(usage, Ok(())), (!usage, Err(TeeError::ACCESS_DENIED))] {
            crypto.restrict_usage(key, mask).unwrap();
            let begun =
                if mode == MAC { crypto.hash_init(state, &[]) } else { crypto.cipher_init(state, &[0; 16]) };
            assert_eq!(begun, result);
        }
    }
}

#[test]
fn nothing_goes_on_that_did_not_begin() {
    let mut crypto = Crypto::new();
    let encryption = cipher(&mut crypto, CTR, ENCRYPT, &[1; 16]);
    assert_eq!(crypto.cipher_update(encryption, &mut [0]), Err(TeeError::BAD_STATE));
    assert_eq!(crypto.cipher_final(encryption, &mut []), Err(TeeError::BAD_STATE));
    let digest = crypto.allocate_state(SHA1, DIGEST, 0, 0).unwrap();
    assert_eq!(crypto.hash_length(digest), Ok(20));
    assert_eq!(crypto.hash_update(digest, &[]), Err(TeeError::BAD_STATE));
    assert_eq!(crypto.hash_final(digest, &mut [0; 20]), Err(TeeError::BAD_STATE));
    crypto.hash_init(digest, &[]).unwrap();
    crypto.hash_final(digest, &mut [0; 20]).unwrap();
    assert_eq!(crypto.hash_final(digest, &mut [0; 20]), Err(TeeError::BAD_STATE));
}

#[test]
fn calls_of_one_class_are_none_of_the_other() {
    let mut crypto = Crypto::new();
    let encryption = cipher(&mut crypto, CTR, ENCRYPT, &[1; 16]);
    crypto.cipher_init(encryption, &[0; 16]).unwrap();
    assert_eq!(crypto.hash_init(encryption, &[]), Err(TeeError::BAD_PARAMETERS));
    assert_eq!(crypto.hash_update(encryption, &[]), Err(TeeError::BAD_PARAMETERS));
    assert_eq!(crypto.hash_length(encryption), Err(TeeError::BAD_PARAMETERS));
    assert_eq!(crypto.hash_final(encryption, &mut [0; 64]), Err(TeeError::BAD_PARAMETERS));
    let digest = crypto.allocate_state(SHA1, DIGEST, 0, 0).unwrap();
    crypto.hash_init(digest, &[]).unwrap();
    assert_eq!(crypto.cipher_init(digest, &[0; 16]), Err(TeeError::BAD_PARAMETERS));
    assert_eq!(crypto.cipher_update(digest, &mut []), Err(TeeError::BAD_PARAMETERS));
    assert_eq!(crypto.cipher_final(digest, &mut []), Err(TeeError::BAD_PARAMETERS));
    assert_eq!(crypto.copy_state(digest, encryption), Err(TeeError::BAD_PARAMETERS));
}

#[test]
fn a_short_buffer_does_not_end_a_digest() {
    let mut crypto = Crypto::new();
    let state = crypto.allocate_state(SHA256, DIGEST, 0, 0).unwrap();
    crypto.hash_init(state, &[]).unwrap();
    crypto.hash_update(state, b"abc").unwrap();
    let mut out = [0x55; 40];
    assert_eq!(crypto.hash_final(state, &mut [0; 31]), Err(TeeError::SHORT_BUFFER));
    assert_eq!(crypto.hash_final(state, &mut []), Err(TeeError::SHORT_BUFFER));
    assert_eq!(crypto.hash_final(state, &mut out), Ok(32));
    let (result, rest) = out.split_at(32);
    assert_eq!((result, rest), (digest(SHA256, b"abc").as_slice(), &[0x55; 8][..]));
}

#[test]
fn initial_blocks_and_parts_have_their_lengths() {
    let mut crypto = Crypto::new();
    for algorithm in [CBC, CTR] {
        let state = cipher(&mut crypto, algorithm, DECRYPT, &[1; 16]);
        for length in [0, 1, 15, 17, 32] {
            assert_eq!(crypto.cipher_init(state, &vec![0; length]), Err(TeeError::BAD_PARAMETERS));
        }
        crypto.cipher_init(state, &[0; 16]).unwrap();
    }
    for algorithm in [ECB, CBC] {
        let state = cipher(&mut crypto, algorithm, ENCRYPT, &[1; 16]);
        crypto.cipher_init(state, &[0; 16]).unwrap();
        for length in [1, 15, 17, 31] {
            let mut data = vec![0x33; length];
            assert_eq!(crypto.cipher_update(state, &mut data), Err(TeeError::BAD_PARAMETERS));
            assert_eq!(crypto.cipher_final(state, &mut data), Err(TeeError::BAD_PARAMETERS));
            assert_eq!(data, vec![0x33; length]);
        }
        crypto.cipher_final(state, &mut [0; 32]).unwrap();
    }
}

#[test]
fn a_copied_operation_goes_on_by_itself() {
    let mut crypto = Crypto::new();
    let (key, iv, message) = (hex(KEYS[0]), hex(FIRST_COUNTER), hex(MESSAGE));
    let (from, to) = (cipher(&mut crypto, CTR, ENCRYPT, &key), cipher(&mut crypto, CTR, ENCRYPT, &[0; 32]));
    let other = cipher(&mut crypto, CTR, DECRYPT, &key);
    crypto.cipher_init(from, &iv).unwrap();
    let (mut first, mut twin) = (message.clone(), message.clone());
    let (begin, rest) = first.split_at_mut(21);
    crypto.cipher_update(from, begin).unwrap();
    assert_eq!(crypto.copy_state(other, from), Err(TeeError::BAD_PARAMETERS));
    crypto.copy_state(to, from).unwrap();
    crypto.copy_state(to, to).unwrap();
    crypto.cipher_final(from, rest).unwrap();
    let (_, twin_rest) = twin.split_at_mut(21);
    crypto.cipher_final(to, twin_rest).unwrap();
    assert_eq!(first, hex(BY_CTR[0]));
    assert_eq!(twin.get(21..), first.get(21..));
    crypto.cipher_init(to, &iv).unwrap();
    crypto.copy_state(to, from).unwrap();
    assert_eq!(crypto.cipher_update(to, &mut []), Err(TeeError::BAD_STATE));
}

#[test]
fn copied_digests_and_codes_go_on_by_themselves() {
    let mut crypto = Crypto::new();
    let (from, to) = (
        crypto.allocate_state(SHA1, DIGEST, 0, 0).unwrap(),
        crypto.allocate_state(SHA1, DIGEST, 0, 0).unwrap(),
    );
    crypto.hash_init(from, &[]).unwrap();
    crypto.hash_update(from, b"a").unwrap();
    crypto.copy_state(to, from).unwrap();
    crypto.hash_update(from, b"x").unwrap();
    crypto.hash_update(to, b"bc").unwrap();
    let mut out = [0; 20];
    crypto.hash_final(to, &mut out).unwrap();
    assert_eq!(out.as_slice(), digest(SHA1, b"abc"));
    crypto.hash_final(from, &mut out).unwrap();
    assert_eq!(out.as_slice(), digest(SHA1, b"ax"));
}

/// A generator of numbers by a seed (xorshift, of Marsaglia).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 32).unwrap() % sides
    }

    fn number(&mut self) -> u32 {
        u32::try_from(self.roll(usize::MAX) & 0xffff_ffff).unwrap()
    }

    fn one_of(&mut self, numbers: &[u32]) -> u32 {
        match numbers.get(self.roll(numbers.len() + 1)) {
            Some(number) => *number,
            None => self.number(),
        }
    }

    fn data(&mut self) -> Vec<u8> {
        let length = match self.roll(4) {
            0 => 16 * self.roll(8),
            1 => self.one_of(&[0, 7, 8, 16, 24, 32, 64]).min(600) as usize,
            _ => self.roll(600),
        };
        let fill = u8::try_from(self.roll(256)).unwrap();
        vec![fill; length]
    }
}

const SOME_TYPES: [u32; 10] =
    [AES, AES, AES, DES, DES3, HMAC_MD5, HMAC_SHA256, GENERIC_SECRET, HKDF_IKM, DATA];
const SOME_ALGORITHMS: [u32; 9] = [ECB, CBC, CTR, XTS, MD5, SHA1, SHA512, HMAC + 1, HMAC + 4];
const SOME_SIZES: [u32; 10] = [0, 56, 64, 128, 168, 192, 256, 512, 1024, 4096];

/// The handles of every object and state that was ever made.
#[derive(Default)]
struct Seen {
    objects: Vec<u32>,
    states: Vec<u32>,
}

impl Seen {
    /// Handles given out lately, or one out of nothing: of the right sort mostly.
    fn recent(list: &[u32], dice: &mut Dice) -> u32 {
        let recent = list.get(list.len().saturating_sub(12)..).unwrap_or_default();
        if dice.roll(40) == 0 { dice.number() } else { dice.one_of(recent) }
    }

    fn object(&self, dice: &mut Dice) -> u32 {
        let list = if dice.roll(50) == 0 { &self.states } else { &self.objects };
        Self::recent(list, dice)
    }

    fn state(&self, dice: &mut Dice) -> u32 {
        let list = if dice.roll(50) == 0 { &self.objects } else { &self.states };
        Self::recent(list, dice)
    }
}

fn call_on_an_object(crypto: &mut Crypto, seen: &mut Seen, dice: &mut Dice) -> Result<(), TeeError> {
    let object = seen.object(dice);
    match dice.roll(9) {
        0 => {
            let object = crypto.allocate_object(dice.one_of(&SOME_TYPES), dice.one_of(&SOME_SIZES))?;
            seen.objects.push(object);
            Ok(())
        }
        1 => crypto.object_info(object).map(|_| ()),
        2 => crypto.restrict_usage(object, if dice.roll(4) == 0 { dice.number() } else { u32::MAX }),
        3 => crypto.attribute(object, dice.one_of(&[SECRET_VALUE, HKDF_IKM_VALUE])).map(|_| ()),
        4 => crypto.close_object(object),
        5 => crypto.reset_object(object),
        6 => {
            let id = dice.one_of(&[SECRET_VALUE, SECRET_VALUE, HKDF_IKM_VALUE]);
            let attributes: Vec<_> = (0..=dice.roll(8) / 7).map(|_| bytes(id, &dice.data())).collect();
            crypto.populate(object, &attributes)
        }
        7 => crypto.copy_object(object, seen.object(dice)),
        _ => crypto.generate_key(object, dice.one_of(&SOME_SIZES), &mut |to: &mut [u8]| to.fill(0x5a)),
    }
}

fn call_on_a_state(crypto: &mut Crypto, seen: &mut Seen, dice: &mut Dice) -> Result<(), TeeError> {
    let state = seen.state(dice);
    let mut data = dice.data();
    match dice.roll(10) {
        0 | 1 => {
            let algorithm = dice.one_of(&SOME_ALGORITHMS);
            let mode = match algorithm >> 28 {
                1 => dice.one_of(&[ENCRYPT, DECRYPT]),
                3 => MAC,
                5 => DIGEST,
                _ => dice.number(),
            };
            let key1 = if algorithm >> 28 == 5 { 0 } else { seen.object(dice) };
            let key2 = if dice.roll(20) == 0 { seen.object(dice) } else { 0 };
            seen.states.push(crypto.allocate_state(algorithm, mode, key1, key2)?);
            Ok(())
        }
        2 => crypto.copy_state(state, seen.state(dice)),
        3 => crypto.free_state(state),
        4 => crypto.hash_init(state, &data),
        5 => crypto.hash_update(state, &data),
        6 => crypto.hash_final(state, &mut data).map(|length| assert!(length <= data.len())),
        7 => crypto.cipher_init(state, if dice.roll(8) == 0 { &data } else { &[3; 16] }),
        8 => crypto.cipher_update(state, &mut data),
        _ => crypto.cipher_final(state, &mut data),
    }
}

/// How many calls of the second sort succeed is looked at, so that the test does not test refusals alone.
#[test]
fn random_calls_neither_panic_nor_leak() {
    for seed in 1..=8 {
        let (mut crypto, mut seen, mut dice) = (Crypto::new(), Seen::default(), Dice(seed * 0x9e37_79b9));
        let mut succeeded = 0;
        for _ in 0..10_000 {
            call_on_an_object(&mut crypto, &mut seen, &mut dice).ok();
            succeeded += usize::from(call_on_a_state(&mut crypto, &mut seen, &mut dice).is_ok());
        }
        assert!(succeeded > 1500, "{succeeded}");
        for state in seen.states {
            crypto.free_state(state).ok();
        }
        for object in seen.objects {
            crypto.close_object(object).ok();
        }
        assert_eq!(crypto.counts(), (0, 0), "seed {seed}");
    }
}
