package io.portcurfew.observe;

import java.util.SortedSet;

/**
 * A listener that one source saw and a complete source missed.
 *
 * @param seenBy the sources that saw it
 * @param missedBy the complete sources that did not see it
 */
public record Disagreement(
    Endpoint endpoint, SortedSet<String> seenBy, SortedSet<String> missedBy) {}
