package io.portcurfew;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

/** Holds the arrows of the house: who may know whom, and which one package knows which library. */
@AnalyzeClasses(packages = "io.portcurfew", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {

  private static final String HOUSE = "io.portcurfew";

  @ArchTest
  static final ArchRule observeKnowsNothingElse = mayKnow("observe..", "observe..", "json..");

  @ArchTest static final ArchRule judgeKnowsObserve = mayKnow("judge..", "judge..", "observe..");

  @ArchTest
  static final ArchRule alertKnowsJudgeAndObserve =
      mayKnow("alert..", "alert..", "judge..", "observe..");

  @ArchTest
  static final ArchRule notifyKnowsAlertsAndTheirValues =
      mayKnow("notify..", "notify..", "alert..", "judge..", "observe..", "json..");

  @ArchTest
  static final ArchRule baselineKnowsThePolicyItsTextAndWhatWasSeen =
      mayKnow("baseline..", "baseline..", "config..", "judge..", "observe..");

  @ArchTest
  static final ArchRule storeKnowsTheValuesThatItSaves =
      mayKnow("store..", "store..", "notify..", "alert..", "judge..", "observe..", "json..");

  @ArchTest static final ArchRule jdbcIsKnownToTheStore = library("java.sql..", HOUSE + ".store");

  @ArchTest
  static final ArchRule sqliteIsKnownToTheStore = library("org.sqlite..", HOUSE + ".store");

  @ArchTest static final ArchRule jsonKnowsNoRoom = mayKnow("json..", "json..");

  @ArchTest
  static final ArchRule configKnowsTheValuesThatItMakes =
      mayKnow("config..", "config..", "judge..", "observe..", "notify..", "policytest..");

  @ArchTest
  static final ArchRule policyTestsKnowJudgeAndObserve =
      mayKnow("policytest..", "policytest..", "judge..", "observe..");

  @ArchTest
  static final ArchRule metricsKnowValues =
      mayKnow("metrics..", "metrics..", "notify..", "alert..", "judge..", "observe..");

  @ArchTest
  static final ArchRule webKnowsValues =
      mayKnow("web..", "web..", "alert..", "judge..", "observe..");

  @ArchTest
  static final ArchRule theDoctorKnowsNothingOfAlertsAndPages =
      noClasses()
          .that(resideInAPackage(HOUSE + ".doctor"))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  HOUSE + ".cli..",
                  HOUSE + ".alert..",
                  HOUSE + ".metrics..",
                  HOUSE + ".web..",
                  HOUSE + ".json.."));

  @ArchTest static final ArchRule quartzIsKnownToTheRoot = library("org.quartz..", HOUSE);

  @ArchTest
  static final ArchRule oshiIsKnownToItsSource = library("oshi..", HOUSE + ".observe.oshi");

  @ArchTest static final ArchRule serviceKnowsNoRoom = mayKnow("service..", "service..");

  @ArchTest
  static final ArchRule jnaIsKnownToTheLinuxSourceAndTheTalkWithSystemd =
      library("com.sun.jna..", HOUSE + ".observe.linux", HOUSE + ".service");

  @ArchTest
  static final ArchRule jacksonIsKnownToJson = library("com.fasterxml.jackson..", HOUSE + ".json");

  @ArchTest
  static final ArchRule micrometerIsKnownToMetrics =
      noClasses()
          .that(resideInAPackage(HOUSE + "..").and(resideInAPackage(HOUSE + ".metrics").negate()))
          .should()
          .dependOnClassesThat(resideInAnyPackage("io.micrometer..", "io.prometheus.."));

  @ArchTest static final ArchRule picocliIsKnownToTheCli = library("picocli..", HOUSE + ".cli");

  @ArchTest
  static final ArchRule yamlIsKnownToConfig = library("org.snakeyaml..", HOUSE + ".config");

  @ArchTest
  static final ArchRule mustacheIsKnownToPagesAndMails =
      noClasses()
          .that(
              resideInAPackage(HOUSE + "..")
                  .and(resideInAnyPackage(HOUSE + ".web", HOUSE + ".notify").negate()))
          .should()
          .dependOnClassesThat(resideInAPackage("com.samskivert.."));

  @ArchTest static final ArchRule mailIsKnownToNotify = library("jakarta..", HOUSE + ".notify");

  @ArchTest static final ArchRule logbackIsKnownToTheRoot = library("ch.qos.logback..", HOUSE);

  @ArchTest
  static final ArchRule timeIsHandedIn =
      noClasses()
          .that(
              resideInAPackage(HOUSE + "..")
                  .and(resideInAnyPackage(HOUSE, HOUSE + ".cli").negate()))
          .should()
          .callMethodWhere(
              com.tngtech.archunit.core.domain.JavaCall.Predicates.target(name("now"))
                  .and(
                      com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                          com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With
                              .owner(
                                  com.tngtech.archunit.core.domain.JavaClass.Predicates
                                      .belongToAnyOf(Instant.class, Clock.class))))
                  .as("the clock"));

  @ArchTest
  static final ArchRule everyPackageIsNullMarked =
      classes()
          .that(resideInAPackage(HOUSE + "..").and(name("package-info")))
          .should()
          .beAnnotatedWith(org.jspecify.annotations.NullMarked.class)
          .allowEmptyShould(true);

  private static ArchRule mayKnow(String room, String... rooms) {
    String[] others = new String[rooms.length];
    for (int i = 0; i < rooms.length; i++) {
      others[i] = HOUSE + "." + rooms[i];
    }
    return noClasses()
        .that(resideInAPackage(HOUSE + "." + room))
        .should()
        .dependOnClassesThat(
            resideInAPackage(HOUSE + "..").and(resideInAnyPackage(others).negate()));
  }

  private static ArchRule library(String library, String... rooms) {
    return noClasses()
        .that(resideInAPackage(HOUSE + "..").and(resideInAnyPackage(rooms).negate()))
        .should()
        .dependOnClassesThat(resideInAPackage(library));
  }
}
