package io.portcurfew.judge;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Measures what judging 10,000 listeners costs, and how that grows with the rules: CPU, once warm,
 * of all findings, and of the table of rules, which is made once a day and at each reload.
 *
 * <pre>
 * java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp CLASSPATH io.portcurfew.judge.JudgeBench
 * </pre>
 */
final class JudgeBench {

  private static final int LISTENERS = 10_000;
  private static final int WARM_UP = 30;
  private static final int ROUNDS = 31;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private JudgeBench() {}

  /** Prints the medians. */
  public static void main(String[] args) {
    Snapshot snapshot = snapshot(new Random(611));
    for (int rules : new int[] {10, 100, 1_000, 5_000}) {
      List<Rule> some = rules(rules, new Random(rules));
      double allow = median(new Policy(true, some), snapshot);
      double deny = median(new Policy(false, some), snapshot);
      double table = median(() -> new Policy(true, some).at(SampleListeners.NOON));
      System.out.printf(
          Locale.ROOT,
          "%,5d rules, %,d listeners: %.1f ms where the default allows, %.1f ms where it denies;"
              + " the table %.1f ms%n",
          rules,
          LISTENERS,
          allow,
          deny,
          table);
    }
  }

  private static double median(Policy policy, Snapshot snapshot) {
    return median(() -> Judge.judge(policy, snapshot, List.of()));
  }

  private static double median(Runnable work) {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < WARM_UP + ROUNDS; i++) {
      long start = THREADS.getCurrentThreadCpuTime();
      work.run();
      if (i >= WARM_UP) {
        millis.add((THREADS.getCurrentThreadCpuTime() - start) / 1e6);
      }
    }
    return millis.stream().sorted().skip(ROUNDS / 2).findFirst().orElseThrow();
  }

  /** Every tenth is about a range and every tenth required; two of three ask for an owner. */
  private static List<Rule> rules(int count, Random random) {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int first = 1 + random.nextInt(65_000);
      PortRange ports = new PortRange(first, first + (i % 10 == 0 ? 50 : 0));
      RuleScope scope = new RuleScope(List.of(ports), EnumSet.allOf(Protocol.class));
      Expectation expect = i % 10 == 5 ? Expectation.REQUIRED : Expectation.ALLOWED;
      rules.add(new Rule("r" + i, scope, expect, terms(i), NotifySettings.of(Severity.WARNING)));
    }
    return rules;
  }

  private static RuleTerms terms(int i) {
    List<AddressTerm> addresses = List.of(new AddressTerm.Loopback(), new AddressTerm.Private());
    List<OwnerTerm> by =
        List.of(
            new OwnerTerm("/usr/sbin/other", "root"),
            new OwnerTerm("/usr/lib/*/bin/server-" + (i % 7), "app"));
    return i % 3 == 0 ? RuleTerms.NONE : new RuleTerms(addresses, by);
  }

  private static Snapshot snapshot(Random random) {
    List<Listener> listeners = new ArrayList<>();
    for (int i = 0; i < LISTENERS; i++) {
      Address address = Address.parse("10.0." + i / 250 + "." + i % 250).orElseThrow();
      Endpoint endpoint = new Endpoint(Protocol.TCP, address, 1 + random.nextInt(65_000));
      listeners.add(
          new Listener(
              endpoint,
              null,
              List.of(SampleListeners.owner(i, "/usr/lib/app/bin/server-3", "app")),
              "sock_diag"));
    }
    return new Snapshot(
        HostText.of("bench"),
        SampleListeners.NOON,
        true,
        listeners,
        List.of(),
        List.of(),
        List.of(),
        PortRange.LINUX_EPHEMERAL);
  }
}
