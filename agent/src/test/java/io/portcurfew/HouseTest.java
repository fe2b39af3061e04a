package io.portcurfew;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rules of the packages: who may know whom, which package knows a library, sizes and names. */
@AnalyzeClasses(packages = "io.portcurfew", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {

  private static final String HOUSE = "io.portcurfew";

  /** A larger package should be two. */
  private static final int MOST_FILES = 30;

  /** A longer file hides a class. */
  private static final int MOST_LINES = 300;

  /** The declaration of a type in a source. */
  private static final Pattern TYPE =
      Pattern.compile(
          "(?m)^ *(?:(?:public|protected|private|static|final|abstract|sealed|non-sealed) )*"
              + "(?:class|record|interface|enum|@interface) ([A-Z]\\w*)");

  @ArchTest
  static final ArchRule noPackageCycle =
      slices().matching(HOUSE + ".(**)").should().beFreeOfCycles();

  // From the bottom up. What a package may know stands above it, so no arrow points back.

  @ArchTest static final ArchRule process = mayKnow("process");

  @ArchTest static final ArchRule text = mayKnow("text");

  @ArchTest static final ArchRule state = mayKnow("state", "process");

  @ArchTest static final ArchRule systemd = mayKnow("systemd");

  @ArchTest static final ArchRule build = mayKnow("build");

  @ArchTest static final ArchRule observe = mayKnow("observe", "process");

  @ArchTest static final ArchRule events = mayKnow("observe.event", "observe");

  @ArchTest static final ArchRule sweeps = mayKnow("observe.sweep", "observe");

  @ArchTest static final ArchRule sources = mayKnow("observe..", "observe..", "process", "json");

  @ArchTest
  static final ArchRule processFiles =
      mayKnow("observe.linux.proc", "observe", "observe.linux.kernel", "process");

  @ArchTest
  static final ArchRule hostFiles =
      mayKnow(
          "observe.linux.file", "observe", "observe.linux.kernel", "observe.linux.proc", "process");

  @ArchTest
  static final ArchRule eventSources =
      mayKnow(
          "observe.linux.events.source",
          "observe",
          "observe.event",
          "observe.linux.kernel",
          "observe.linux.netlink",
          "observe.linux.proc",
          "process");

  @ArchTest
  static final ArchRule namespaces =
      mayKnow(
          "observe.linux.namespace",
          "observe",
          "observe.linux.container",
          "observe.linux.file",
          "observe.linux.kernel",
          "observe.linux.netlink",
          "observe.linux.owner",
          "observe.linux.proc",
          "observe.linux.procnet",
          "process");

  @ArchTest
  static final ArchRule unlisted =
      mayKnow(
          "observe.linux.unlisted",
          "observe",
          "observe.linux.kernel",
          "observe.linux.proc",
          "observe.linux.procnet",
          "process");

  @ArchTest static final ArchRule json = mayKnow("json", "observe");

  @ArchTest static final ArchRule policy = mayKnow("policy", "observe");

  @ArchTest static final ArchRule judge = mayKnow("judge", "policy", "observe", "observe.sweep");

  @ArchTest static final ArchRule explain = mayKnow("explain", "judge", "policy", "observe");

  @ArchTest static final ArchRule policytest = mayKnow("policytest", "judge", "policy", "observe");

  @ArchTest static final ArchRule alert = mayKnow("alert", "judge", "policy", "observe");

  @ArchTest
  static final ArchRule notification =
      mayKnow("notify", "alert", "judge", "policy", "observe", "process");

  @ArchTest
  static final ArchRule notifiers =
      mayKnow("notify..", "notify..", "alert", "judge", "policy", "observe", "process", "json");

  @ArchTest static final ArchRule sql = mayKnow("store.sql", "state");

  @ArchTest static final ArchRule audit = mayKnow("store.audit", "store.sql", "json");

  @ArchTest
  static final ArchRule store =
      mayKnow(
          "store", "store..", "state", "notify", "alert", "judge", "policy", "observe", "process",
          "json");

  @ArchTest
  static final ArchRule metrics =
      mayKnow("metrics", "store", "notify", "alert", "judge", "policy", "observe", "observe.event");

  @ArchTest
  static final ArchRule output = mayKnow("output", "json", "alert", "judge", "policy", "observe");

  @ArchTest
  static final ArchRule logging =
      mayKnow("logging", "config", "notify.message", "systemd", "json", "build");

  @ArchTest static final ArchRule web = mayKnow("web", "web.access", "process");

  @ArchTest static final ArchRule webAccess = mayKnow("web.access", "process");

  @ArchTest
  static final ArchRule page =
      mayKnow("page", "explain", "output", "json", "alert", "judge", "policy", "observe");

  @ArchTest static final ArchRule host = mayKnow("host", "observe..", "process");

  @ArchTest static final ArchRule yaml = mayKnow("config.yaml", "observe");

  @ArchTest
  static final ArchRule files =
      mayKnow("config.files", "config.yaml", "observe", "notify", "process");

  @ArchTest
  static final ArchRule report = mayKnow("report", "alert", "judge", "policy", "observe", "json");

  @ArchTest static final ArchRule signature = mayKnow("bundle.signature", "observe");

  @ArchTest static final ArchRule bundle = mayKnow("bundle", "bundle.signature", "json", "observe");

  @ArchTest
  static final ArchRule copy = mayKnow("bundle.copy", "bundle", "bundle.signature", "state");

  @ArchTest
  static final ArchRule fetch =
      mayKnow("fetch", "config..", "bundle..", "notify.http", "observe", "process");

  @ArchTest
  static final ArchRule config =
      mayKnow(
          "config..",
          "config..",
          "bundle..",
          "web.access",
          "policytest",
          "process",
          "notify..",
          "alert",
          "judge",
          "policy",
          "observe..");

  @ArchTest
  static final ArchRule baseline =
      mayKnow("baseline", "config.policy", "json", "judge", "policy", "observe");

  @ArchTest
  static final ArchRule scan =
      mayKnow(
          "scan",
          "host",
          "bundle",
          "config..",
          "metrics",
          "store",
          "notify..",
          "alert",
          "judge",
          "policy",
          "observe",
          "observe.event",
          "observe.sweep",
          "process");

  @ArchTest
  static final ArchRule doctor =
      mayKnow(
          "doctor",
          "host",
          "config..",
          "notify..",
          "state",
          "policy",
          "observe..",
          "process",
          "web.access",
          "build");

  @ArchTest
  static final ArchRule onlyCommandsKnowCommands =
      noClasses()
          .that(resideInAPackage(HOUSE + "..").and(resideInAPackage(HOUSE + ".cli..").negate()))
          .should()
          .dependOnClassesThat(resideInAPackage(HOUSE + ".cli.."));

  @ArchTest
  static final ArchRule onlyCommandsKnowTheDaemon =
      noClasses()
          .that(
              resideInAPackage(HOUSE + "..")
                  .and(resideInAnyPackage(HOUSE + ".cli..", HOUSE + ".daemon").negate()))
          .should()
          .dependOnClassesThat(resideInAPackage(HOUSE + ".daemon.."));

  @ArchTest static final ArchRule jdbc = library("java.sql..", "store..");

  @ArchTest static final ArchRule sqlite = library("org.sqlite..", "store..");

  @ArchTest static final ArchRule quartz = library("org.quartz..", "daemon");

  @ArchTest static final ArchRule oshi = library("oshi..", "observe.oshi");

  @ArchTest static final ArchRule jna = library("com.sun.jna..", "observe.linux..", "systemd");

  @ArchTest static final ArchRule bcrypt = library("at.favre..", "web.access");

  @ArchTest static final ArchRule jackson = library("com.fasterxml.jackson..", "json");

  @ArchTest static final ArchRule micrometer = library("io.micrometer..", "metrics");

  @ArchTest static final ArchRule prometheus = library("io.prometheus..", "metrics");

  @ArchTest static final ArchRule picocli = library("picocli..", "cli..");

  @ArchTest static final ArchRule snakeyaml = library("org.snakeyaml..", "config.yaml");

  @ArchTest static final ArchRule mustache = library("com.samskivert..", "page", "notify..");

  @ArchTest static final ArchRule mail = library("jakarta..", "notify.receivers");

  @ArchTest static final ArchRule logback = library("ch.qos.logback..", "logging");

  @ArchTest
  static final ArchRule timeIsHandedIn =
      noClasses()
          .that(
              resideInAPackage(HOUSE + "..")
                  .and(resideInAnyPackage(HOUSE + ".daemon", HOUSE + ".cli").negate()))
          .should()
          .callMethodWhere(
              target(name("now"))
                  .and(target(owner(belongToAnyOf(Instant.class, Clock.class))))
                  .as("the clock"));

  @ArchTest
  static final ArchRule oneMonotonicClock =
      noClasses()
          .that(name(HOUSE + ".process.Ticker").negate())
          .should()
          .callMethod(System.class, "nanoTime");

  @ArchTest
  static void everyPackageIsNullMarked(JavaClasses all) {
    assertThat(files(all).keySet())
        .allSatisfy(
            room ->
                assertThat(all.getPackage(room).isAnnotatedWith(NullMarked.class))
                    .as(room)
                    .isTrue());
  }

  @ArchTest
  static void theRootPackageIsEmpty(JavaClasses all) {
    assertThat(files(all).getOrDefault(HOUSE, List.of())).isEmpty();
  }

  @ArchTest
  static void noPackageIsTooLarge(JavaClasses all) {
    assertThat(files(all))
        .allSatisfy(
            (room, names) -> assertThat(names).as(room).hasSizeLessThanOrEqualTo(MOST_FILES));
  }

  /** By the sources, also of nested and local types. */
  @Test
  void noSimpleNameTwice() throws IOException {
    List<String> names = new ArrayList<>();
    for (Path file : sources()) {
      TYPE.matcher(Files.readString(file)).results().forEach(type -> names.add(type.group(1)));
    }
    assertThat(names).hasSizeGreaterThan(1_000).doesNotHaveDuplicates();
  }

  @Test
  void noFileIsTooLong() throws IOException {
    List<Path> tooLong = new ArrayList<>();
    for (Path file : sources()) {
      if (Files.readAllLines(file).size() > MOST_LINES) {
        tooLong.add(file);
      }
    }
    assertThat(tooLong).isEmpty();
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> all = Files.walk(Path.of("src/main/java"))) {
      return all.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  /** The names of the top-level classes of each package, without package-info. */
  private static Map<String, List<String>> files(JavaClasses all) {
    return all.stream()
        .filter(one -> one.isTopLevelClass() && !one.getSimpleName().equals("package-info"))
        .collect(
            Collectors.groupingBy(
                JavaClass::getPackageName,
                TreeMap::new,
                Collectors.mapping(JavaClass::getSimpleName, Collectors.toList())));
  }

  /**
   * A package may know itself, these and the phrases; of a pattern, every package that it names.
   */
  private static ArchRule mayKnow(String room, String... others) {
    String[] known =
        Stream.concat(Stream.of(room, "text"), Arrays.stream(others))
            .map(other -> HOUSE + "." + other)
            .toArray(String[]::new);
    return noClasses()
        .that(resideInAPackage(HOUSE + "." + room))
        .should()
        .dependOnClassesThat(
            resideInAPackage(HOUSE + "..").and(resideInAnyPackage(known).negate()));
  }

  private static ArchRule library(String library, String... rooms) {
    String[] known = Arrays.stream(rooms).map(room -> HOUSE + "." + room).toArray(String[]::new);
    return noClasses()
        .that(resideInAPackage(HOUSE + "..").and(resideInAnyPackage(known).negate()))
        .should()
        .dependOnClassesThat(resideInAPackage(library));
  }
}
