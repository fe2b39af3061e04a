package io.portcurfew.explain;

/**
 * A command to check a port by hand, without this agent.
 *
 * @param command the text to copy
 * @param remark its result and its pitfalls
 */
public record ManualCommand(String command, String remark) {}
