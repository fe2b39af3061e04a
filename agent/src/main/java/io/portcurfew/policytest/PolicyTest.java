package io.portcurfew.policytest;

import io.portcurfew.observe.Snapshot;

/**
 * One test of a policy.
 *
 * @param line where it begins in its file, from 1
 * @param snapshot what is given
 */
public record PolicyTest(String name, int line, Snapshot snapshot, ExpectedJudgement expected) {}
