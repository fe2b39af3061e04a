package io.portcurfew.config.receivers;

import java.time.Duration;

/**
 * Who is told, again and again, that the agent is there and looks.
 *
 * @param receiver the name of a receiver of the config
 * @param every 10 s to 24 h
 */
public record Heartbeat(String receiver, Duration every) {}
