package io.portcurfew.bundle;

import org.jspecify.annotations.Nullable;

/**
 * The bundle that an agent has accepted last.
 *
 * @param digest the SHA-256 of its archive; {@code null} if the kept copy of it is not trusted now
 */
public record AcceptedRevision(long revision, @Nullable String digest) {}
