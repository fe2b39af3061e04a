package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import picocli.CommandLine;

class TestCommandTest {

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void policy() throws IOException {
    write("policy.yaml", "version: 1\nrules: [{name: npmp-gui, ports: 611, expect: closed}]\n");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Path tests(String name, String... tests) throws IOException {
    return write(name, "policy: policy.yaml\ntests:\n  - " + String.join("\n  - ", tests) + "\n");
  }

  private static String test(String name, String listeners, String compliant) {
    return "{name: "
        + name
        + ", listeners: ["
        + listeners
        + "], expect: {compliant: "
        + compliant
        + "}}";
  }

  private int run(Object... arguments) {
    CommandLine line = Cli.commandLine();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(
        Stream.concat(Stream.of("test"), Stream.of(arguments))
            .map(Object::toString)
            .toArray(String[]::new));
  }

  @Test
  void passingTests_statusIsZero() throws IOException {
    Path file =
        tests("a.test.yaml", test("a", "", "true"), test("b", "'tcp 0.0.0.0:611'", "false"));
    assertThat(run(file)).isZero();
    assertThat(out).hasToString(file + ": 2 passed\n");
  }

  @Test
  void failure_showsExpectedAndActualSideBySide() throws IOException {
    Path good = tests("a.test.yaml", test("a", "", "true"));
    Path bad = tests("b.test.yaml", test("a", "", "true"), test("b", "'tcp 0.0.0.0:611'", "true"));
    assertThat(run(bad, good)).isEqualTo(1);
    assertThat(out.toString().lines())
        .containsExactly(
            bad + ":4: FAILED: b",
            "             expected  actual",
            "  compliant  true      false",
            bad + ": 1 of 2 failed",
            good + ": 1 passed");
  }

  @Test
  void badFile_listsEveryProblemAndRunsNoTest() throws IOException {
    Path good = tests("a.test.yaml", test("a", "", "true"));
    Path bad = tests("b.test.yaml", test("a", "x", "true"));
    Path missing = folder.resolve("missing.test.yaml");
    Path report = folder.resolve("report.xml");
    assertThat(run(good, bad, missing, "--junit", report)).isEqualTo(78);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith(bad + ":3:27: tests[0].listeners[0]: "),
            line -> assertThat(line).startsWith(missing + ":1:1: file not found."));
    assertThat(report).doesNotExist();
  }

  @Test
  void withoutAFile_usageIsWrong() {
    assertThat(run()).isEqualTo(2);
  }

  @Test
  void reportIsValidWithHostileNames() throws Exception {
    String hostile = "\"]]></failure><failure> & \\u0027 \uD83D\uDE00 <!--\"";
    Path file =
        tests(
            "a<&\"\u001b\n.test.yaml",
            test(hostile, "'tcp 0.0.0.0:1 in ]]><x>&'", "false"),
            test("b", "", "true"));
    Path report = write("report.xml", "old");
    assertThat(run(file, "--junit", report)).isEqualTo(1);
    Element root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(report.toFile())
            .getDocumentElement();
    assertThat(root.getAttribute("tests")).isEqualTo("2");
    assertThat(root.getAttribute("failures")).isEqualTo("1");
    assertThat(root.getElementsByTagName("failure").getLength()).isEqualTo(1);
    Element first = (Element) root.getElementsByTagName("testcase").item(0);
    assertThat(first.getAttribute("name"))
        .isEqualTo("]]></failure><failure> & ' \uD83D\uDE00 <!--");
    assertThat(first.getAttribute("file")).endsWith("a<&\"\\x1b\\x0a.test.yaml");
    assertThat(first.getAttribute("line")).isEqualTo("3");
    assertThat(first.getTextContent()).contains("compliant  false     true");
  }

  @Test
  void failedReportLeavesNoFile() throws IOException {
    Path file = tests("a.test.yaml", test("a", "", "true"));
    Path report = Files.createDirectory(folder.resolve("report.xml"));
    write("report.xml/in-the-way", "");
    assertThat(run(file, "--junit", report)).isEqualTo(2);
    assertThat(err.toString()).startsWith("portcurfew: cannot write " + report);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(List.of("policy.yaml", "a.test.yaml", "report.xml"));
    }
  }
}
