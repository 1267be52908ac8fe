//! Prints how many ECDSA P-256 signatures `ring` verifies in a second on one thread: what a verifier of passkeys cannot exceed.

#![expect(clippy::unwrap_used, reason = "the keys and signatures are ring's own")]

use std::time::Instant;

use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _, UnparsedPublicKey,
};

const COUNT: u32 = 20_000;

fn main() {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
    let message = [7; 300];
    let signature = pair.sign(&random, &message).unwrap();
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, pair.public_key().as_ref());
    let begun = Instant::now();
    for _ in 0..COUNT {
        key.verify(&message, signature.as_ref()).unwrap();
    }
    println!("{}", f64::from(COUNT) / begun.elapsed().as_secs_f64());
}
