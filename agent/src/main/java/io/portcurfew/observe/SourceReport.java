package io.portcurfew.observe;

import java.time.Duration;

/**
 * How one source fared in one look.
 *
 * @param up whether it could look
 * @param complete whether it would have seen every listener
 * @param listeners how many endpoints it saw
 * @param gaps how many gaps it told
 */
public record SourceReport(
    String name, boolean up, boolean complete, int listeners, int gaps, Duration took) {}
