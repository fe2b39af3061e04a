package io.portcurfew.observe.linux.owner;

/**
 * The digests of a running file.
 *
 * @param sha256 the SHA-256 digest in hexadecimal
 * @param md5 the MD5 digest, which dpkg uses; it does not protect against a deliberate collision
 */
record FileDigests(String sha256, String md5) {}
