package io.portcurfew.observe;

import java.util.SortedSet;

/**
 * A listener that one source saw and another, which would have seen it, did not.
 *
 * @param seenBy the sources that saw it
 * @param missedBy the complete sources that did not
 */
public record Disagreement(
    Endpoint endpoint, SortedSet<String> seenBy, SortedSet<String> missedBy) {}
