package io.portcurfew.policytest;

import org.jspecify.annotations.Nullable;

/**
 * One place in which expected and got differ.
 *
 * @param topic {@code finding}, {@code verdict} or {@code compliant}
 * @param expected {@code null} where it should not be there
 * @param got {@code null} where it is not there
 */
public record Mismatch(String topic, @Nullable String expected, @Nullable String got) {}
