package io.portcurfew.policytest;

import org.jspecify.annotations.Nullable;

/**
 * One difference between the expected and the actual result.
 *
 * @param topic {@code finding}, {@code verdict} or {@code compliant}
 * @param expected {@code null} if the actual value is unexpected
 * @param actual the actual value; {@code null} if the expected value is missing
 */
public record Mismatch(String topic, @Nullable String expected, @Nullable String actual) {}
