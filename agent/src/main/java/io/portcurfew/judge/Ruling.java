package io.portcurfew.judge;

import org.jspecify.annotations.Nullable;

/**
 * The verdict on one listener.
 *
 * @param rule the name of the rule that decided; {@code null} if none matches
 */
public record Ruling(Verdict verdict, @Nullable String rule) {}
