package io.portcurfew.web;

/**
 * The health of the agent.
 *
 * @param healthy false if a supervisor should restart the agent
 * @param ready true if it has completed a scan with the active config
 * @param why one line for a person, without raw text of the host
 */
public record Health(boolean healthy, boolean ready, String why) {}
