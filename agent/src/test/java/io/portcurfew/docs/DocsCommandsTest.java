package io.portcurfew.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.cli.CommandLines;
import io.portcurfew.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The commands and files in the documents, as far as they need neither root nor a host. */
class DocsCommandsTest {

  @TempDir private Path folder;

  static List<Page> pages() {
    return Page.all();
  }

  static List<Page> sessions() {
    return pages().stream().filter(DocsCommandsTest::isRun).toList();
  }

  private static boolean isRun(Page page) {
    return page.blocks("console").stream().anyMatch(block -> block.mark().equals("run"));
  }

  private static final Pattern COMMAND =
      Pattern.compile("(?<![\\w/.@$-])(?<!-u )portcurfew((?: [^|;&`)\n]+))");
  private static final Pattern OPTION = Pattern.compile("^--[a-z-]+");

  @ParameterizedTest
  @MethodSource("pages")
  void everyCommandAndOptionExists(Page page) {
    Stream<String> inline =
        DocsTest.found(Pattern.compile("`(portcurfew [^`\n]+)`"), page.text()).stream();
    Stream<String> typed =
        page.blocks().stream()
            .filter(block -> List.of("console", "sh").contains(block.language()))
            .flatMap(block -> block.body().lines())
            .filter(line -> line.startsWith("$ ") || !line.contains(":"));
    Stream.concat(inline, typed)
        .flatMap(line -> DocsTest.found(COMMAND, line).stream())
        .forEach(arguments -> assertExists(page, arguments.strip()));
  }

  private static void assertExists(Page page, String arguments) {
    CommandLine command = CommandLines.all();
    for (String word : arguments.split("\\s+", -1)) {
      if (OPTION.matcher(word).lookingAt()) {
        assertThat(command.getCommandSpec().optionsMap())
            .as("%s: portcurfew %s", page, arguments)
            .containsKey(word.replaceAll("=.*", ""));
      } else if (!command.getSubcommands().isEmpty()) {
        assertThat(command.getSubcommands())
            .as("%s: portcurfew %s", page, arguments)
            .containsKey(word);
        command = command.getSubcommands().get(word);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyExampleFileIsRead(Page page) throws IOException {
    prepare();
    for (Page.Block block : page.blocks("yaml")) {
      String mark = block.mark();
      assertThat(mark).as(block.body()).matches("policy|config|file: \\S+(, wrong on purpose)?");
      Path file = write(block);
      CommandLines.Ended ended =
          switch (mark) {
            case "config" -> CommandLines.run("check", "--config", file.toString());
            default ->
                file.toString().endsWith(".test.yaml")
                    ? CommandLines.run("test", file.toString())
                    : CommandLines.run(
                        "check", "--config", empty().toString(), "--policy", file.toString());
          };
      assertThat(ended.status())
          .as("%s: %s\n%s", page, block.body(), ended.text())
          .isEqualTo(mark.endsWith("wrong on purpose") ? 78 : 0);
    }
  }

  @ParameterizedTest
  @MethodSource("sessions")
  void everySessionPrintsWhatThePageShows(Page page) throws Exception {
    prepare();
    Outputs outputs = new Outputs(page);
    for (Page.Block block : page.blocks()) {
      if (!block.value("file").isEmpty()) {
        write(block);
      } else if (block.mark().equals("run")) {
        for (Session.Step step : Session.of(block.body()).steps()) {
          outputs.add(block, step, Shell.run(folder, shim(), List.of("sh", "-c", step.command())));
        }
      }
    }
    outputs.settle("run by sh");
  }

  /** A folder like /etc/portcurfew, with each file that the examples name. */
  private void prepare() throws IOException {
    Path config = Page.ROOT.resolve("config");
    Files.createDirectories(folder.resolve("policies"));
    try (Stream<Path> files = Files.walk(config)) {
      for (Path file : files.filter(one -> one.toString().endsWith(".yaml")).toList()) {
        if (!file.getParent().endsWith("prometheus")) {
          Path copy = folder.resolve(config.relativize(file).toString());
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
    Files.createDirectories(folder.resolve("secrets"));
    for (String secret : List.of("secrets/webhook", "secrets/mail")) {
      Files.writeString(folder.resolve(secret), "open sesame\n");
      Files.setPosixFilePermissions(
          folder.resolve(secret), PosixFilePermissions.fromString("rw-------"));
    }
    Files.copy(Path.of("src/test/resources/io/portcurfew/docs/ca.pem"), folder.resolve("ca.pem"));
    Files.writeString(folder.resolve("page"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(
        folder.resolve("page"), PosixFilePermissions.fromString("rwx------"));
  }

  private Path empty() throws IOException {
    return Files.writeString(folder.resolve("empty.yaml"), "{}\n");
  }

  private Path write(Page.Block block) throws IOException {
    String name = block.value("file").replaceAll(",.*", "");
    String text =
        block
            .body()
            .replace("/etc/portcurfew/", folder + "/")
            .replace("/var/log/portcurfew/", folder + "/")
            .replace("/usr/local/bin/page", folder + "/page");
    return Files.writeString(folder.resolve(name.isEmpty() ? "example.yaml" : name), text);
  }

  /** A portcurfew on the PATH that runs the classes under test. */
  private Map<String, String> shim() throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path program = bin.resolve("portcurfew");
    Files.writeString(
        program,
        """
        #!/bin/sh
        exec '%s/bin/java' -XX:TieredStopAtLevel=1 -cp '%s' %s "$@"
        """
            .formatted(
                System.getProperty("java.home"),
                System.getProperty("java.class.path"),
                Main.class.getName()));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return Map.of("PATH", bin + ":" + System.getenv("PATH"));
  }
}
