package io.portcurfew.config.receivers;

import java.time.Duration;

/**
 * The settings of the heartbeat: a regular message that the agent runs and scans.
 *
 * @param receiver the name of a receiver of the config
 * @param every 10 s to 24 h
 */
public record Heartbeat(String receiver, Duration every) {}
