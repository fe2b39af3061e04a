package io.portcurfew.web;

/**
 * How the agent fares.
 *
 * @param healthy whether it does its work; without it whoever supervises it should restart it
 * @param ready whether it has looked at least once with the config that is in force
 * @param why one line for a person; nothing of the host is in it unless made visible
 */
public record Health(boolean healthy, boolean ready, String why) {}
