package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.DateReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policytest.ExpectedJudgement;
import io.portcurfew.policytest.PolicyTest;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Reads one test of a policy. */
final class PolicyTestReader {

  static final List<String> KEYS =
      List.of("name", "at", "listeners", "capture", "complete", "expect");

  /** No rule can have run out before, so what a test says does not depend on when it runs. */
  private static final LocalDate EVERY_RULE_COUNTS = LocalDate.of(2000, 1, 1);

  private static final ChoiceReader<Boolean> COMPLETE = ChoiceReader.yesOrNo();
  private static final int LONGEST_NAME = 200;

  private PolicyTestReader() {}

  public static Optional<PolicyTest> read(Field field, Path file) {
    return Section.of(field, KEYS).flatMap(section -> read(field, section, file));
  }

  private static Optional<PolicyTest> read(Field field, Section test, Path file) {
    Optional<String> name = test.required("name").flatMap(PolicyTestReader::name);
    LocalDate day = test.optional("at").flatMap(DateReader::read).orElse(EVERY_RULE_COUNTS);
    Instant noon = day.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC);
    Optional<Snapshot> given = given(field, test, file, noon);
    Optional<Boolean> complete = test.optional("complete").flatMap(COMPLETE::read);
    Optional<ExpectedJudgement> expected = test.required("expect").flatMap(ExpectedReader::read);
    if (name.isEmpty() || given.isEmpty() || expected.isEmpty()) {
      return Optional.empty();
    }
    Snapshot snapshot = complete.map(told -> with(given.get(), told)).orElse(given.get());
    return Optional.of(
        new PolicyTest(name.get(), field.node().at().line(), snapshot, expected.get()));
  }

  private static Optional<String> name(Field field) {
    return TextReader.line(field, LONGEST_NAME, "what is tested, in one line");
  }

  private static Optional<Snapshot> given(Field field, Section test, Path file, Instant at) {
    Optional<Field> listeners = test.optional("listeners");
    Optional<Field> capture = test.optional("capture");
    if (listeners.isPresent() == capture.isPresent()) {
      field.wrong(
          "a test is given listeners or a capture, one of the two",
          test.keysThere(),
          "listeners or capture",
          null);
    }
    return listeners.isPresent()
        ? listeners.flatMap(list -> ListenerReader.snapshot(list, at))
        : capture.flatMap(one -> CaptureReader.read(one, file, at));
  }

  private static Snapshot with(Snapshot given, boolean complete) {
    return new Snapshot(
        given.host(),
        given.takenAt(),
        complete,
        given.listeners(),
        given.gaps(),
        given.sources(),
        given.disagreements(),
        given.ephemeral());
  }
}
