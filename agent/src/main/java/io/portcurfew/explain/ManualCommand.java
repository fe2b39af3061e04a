package io.portcurfew.explain;

/**
 * A command with which a person looks at a port without this agent.
 *
 * @param command to be typed as it stands
 * @param remark what it shows, and where it misleads
 */
public record ManualCommand(String command, String remark) {}
