package io.portcurfew.observe;

import java.time.Duration;

/**
 * The result of one look of one source, in numbers.
 *
 * @param up true if it could look
 * @param complete true if it would have seen every listener
 * @param listeners the number of endpoints that it saw
 * @param gaps the number of gaps that it reported
 */
public record SourceReport(
    String name, boolean up, boolean complete, int listeners, int gaps, Duration took) {}
