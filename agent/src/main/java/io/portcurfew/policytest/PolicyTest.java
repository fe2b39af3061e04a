package io.portcurfew.policytest;

import io.portcurfew.observe.Snapshot;

/**
 * One test of a policy.
 *
 * @param line its first line in the file, from 1
 * @param snapshot the given listeners
 */
public record PolicyTest(String name, int line, Snapshot snapshot, ExpectedJudgement expected) {}
