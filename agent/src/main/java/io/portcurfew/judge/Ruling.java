package io.portcurfew.judge;

import org.jspecify.annotations.Nullable;

/**
 * What was decided about one listener.
 *
 * @param rule the name of the rule that decided; {@code null} where none is about it
 */
public record Ruling(Verdict verdict, @Nullable String rule) {}
