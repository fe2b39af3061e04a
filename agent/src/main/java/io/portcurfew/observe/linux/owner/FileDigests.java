package io.portcurfew.observe.linux.owner;

/**
 * The digests of a file that runs.
 *
 * @param md5 what dpkg compares files by; it proves nothing against somebody who made both
 */
record FileDigests(String sha256, String md5) {}
