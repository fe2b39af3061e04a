package io.portcurfew.bundle;

/**
 * The bundle that an agent has accepted last.
 *
 * @param digest the SHA-256 of its archive
 */
public record AcceptedRevision(long revision, String digest) {}
