package io.portcurfew.web.access;

import java.time.Duration;

/**
 * The limit of requests to the web server, of all clients together.
 *
 * @param interval the time between two requests
 * @param burst the most requests at once
 */
public record RequestRate(Duration interval, int burst) {}
