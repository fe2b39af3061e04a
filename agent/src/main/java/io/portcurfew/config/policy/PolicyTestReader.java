package io.portcurfew.config.policy;

import io.portcurfew.config.files.ConfigSource;
import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.DateReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policytest.ExpectedJudgement;
import io.portcurfew.policytest.PolicyTest;
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

  /** Before every expiry date, so that a test does not depend on the day on which it runs. */
  private static final LocalDate BEFORE_ANY_EXPIRY = LocalDate.of(2000, 1, 1);

  private static final ChoiceReader<Boolean> COMPLETE = ChoiceReader.yesOrNo();
  private static final int LONGEST_NAME = 200;

  private PolicyTestReader() {}

  public static Optional<PolicyTest> read(Field field, ConfigSource file) {
    return Section.of(field, KEYS).flatMap(section -> read(field, section, file));
  }

  private static Optional<PolicyTest> read(Field field, Section test, ConfigSource file) {
    Optional<String> name = test.required("name").flatMap(PolicyTestReader::name);
    LocalDate day = test.optional("at").flatMap(DateReader::read).orElse(BEFORE_ANY_EXPIRY);
    Instant noon = day.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC);
    Optional<Snapshot> given = given(field, test, file, noon);
    Optional<Boolean> complete = test.optional("complete").flatMap(COMPLETE::read);
    Optional<ExpectedJudgement> expected = test.required("expect").flatMap(ExpectedReader::read);
    if (name.isEmpty() || given.isEmpty() || expected.isEmpty()) {
      return Optional.empty();
    }
    Snapshot snapshot = complete.map(value -> with(given.get(), value)).orElse(given.get());
    return Optional.of(
        new PolicyTest(name.get(), field.node().at().line(), snapshot, expected.get()));
  }

  private static Optional<String> name(Field field) {
    return TextReader.line(field, LONGEST_NAME, "the name of the test, in one line");
  }

  private static Optional<Snapshot> given(
      Field field, Section test, ConfigSource file, Instant at) {
    Optional<Field> listeners = test.optional("listeners");
    Optional<Field> capture = test.optional("capture");
    if (listeners.isPresent() == capture.isPresent()) {
      field.wrong(
          "a test needs exactly one of listeners and capture",
          test.presentKeys(),
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
