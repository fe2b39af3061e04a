package io.portcurfew.cli.init;

import io.portcurfew.cli.options.AtomicFile;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.TerminalWidth;
import io.portcurfew.config.ConfigFiles;
import io.portcurfew.config.files.FileErrorText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code init}: asks four questions, then writes and checks both files. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a config and a policy, checks them and sends a test message.",
      "On a terminal it asks for what the options leave open. It shows both files before it writes"
          + " them; without a terminal it writes them only with --yes."
    },
    footer = {
      "",
      "Exit status: 0 if the files are written, or shown without --yes; 2 for wrong usage or a file"
          + " that cannot be written; 3 if the current listeners could not be learned completely; "
          + Exit.COMMON
    })
public final class InitCommand implements Callable<Integer> {

  private static final String OLD = ".before-init";

  @Spec private CommandSpec spec;

  @Option(
      names = "--webhook",
      paramLabel = "URL",
      description = "The receiver of notifications, or none.")
  private @Nullable String webhook;

  @Option(
      names = "--default",
      paramLabel = "allow|deny",
      description = "deny closes every port that no rule allows.")
  private @Nullable String policyDefault;

  @Option(
      names = "--learn",
      negatable = true,
      description = "Writes rules for the current listeners into baseline.yaml, for review.")
  private @Nullable Boolean learn;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS:PORT",
      description = "The address of the metrics and the status page.")
  private @Nullable String listen;

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      defaultValue = "/etc/portcurfew",
      description = "The folder of the files. Default: ${DEFAULT-VALUE}.")
  private Path folder;

  @Option(names = "--yes", description = "Writes the files without a question.")
  private boolean yes;

  @Override
  public Integer call() {
    try {
      boolean terminal = TerminalWidth.of(spec) > 0 && !yes;
      InitQuestions questions =
          new InitQuestions(
              new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())),
              out());
      InitAnswers answers = answers(terminal ? questions : null);
      show(answers);
      if (!yes && !(terminal && questions.confirm("Write these files?", false))) {
        out().println("Nothing was written." + (terminal ? "" : " Use --yes to write the files."));
        out().flush();
        return Exit.OK;
      }
      return write(answers);
    } catch (IOException e) {
      spec.commandLine().getErr().println("portcurfew: init: " + FileErrorText.reason(e));
      return Exit.USAGE;
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private InitAnswers answers(@Nullable InitQuestions ask) throws IOException {
    String receiver =
        checked("--webhook", webhook, InitAnswers.problemOfWebhook(known(webhook, "none")));
    String address =
        checked("--listen", listen, InitAnswers.problemOfListen(known(listen, InitAnswers.LISTEN)));
    String start =
        checked("--default", policyDefault, problemOfDefault(known(policyDefault, "allow")));
    if (ask != null && webhook == null) {
      receiver =
          ask.ask("1/4 Webhook that is notified, or none?", "none", InitAnswers::problemOfWebhook);
    }
    if (ask != null && policyDefault == null) {
      start =
          ask.ask(
              "2/4 Ports that no rule names: allow or deny?",
              "allow",
              InitCommand::problemOfDefault);
    }
    boolean learns = Boolean.TRUE.equals(learn);
    if (ask != null && learn == null) {
      learns = ask.confirm("3/4 Learn rules for the current listeners?", "deny".equals(start));
    }
    if (ask != null && listen == null) {
      address =
          ask.ask(
              "4/4 Address of metrics and page?", InitAnswers.LISTEN, InitAnswers::problemOfListen);
    }
    return new InitAnswers(
        receiver == null || receiver.equals("none") ? null : receiver,
        "deny".equals(start),
        learns,
        known(address, InitAnswers.LISTEN));
  }

  private static String known(@Nullable String value, String usual) {
    return value == null ? usual : value;
  }

  private static @Nullable String problemOfDefault(String text) {
    return text.equals("allow") || text.equals("deny") ? null : "Expected allow or deny.";
  }

  private @Nullable String checked(
      String option, @Nullable String value, @Nullable String problem) {
    if (problem != null) {
      throw new ParameterException(spec.commandLine(), option + ": " + problem);
    }
    return value;
  }

  private Path config() {
    return folder.resolve("portcurfew.yaml");
  }

  private Path policy() {
    return folder.resolve(InitAnswers.POLICY);
  }

  private void show(InitAnswers answers) throws IOException {
    out().println("--- " + config());
    out().print(answers.config());
    out().println("--- " + policy() + " (the shipped rules; the lines that init sets)");
    answers
        .policy(shipped(), answers.learn())
        .lines()
        .filter(line -> line.startsWith("default:") || line.startsWith("include:"))
        .forEach(out()::println);
    if (answers.learn()) {
      out()
          .println(
              "--- "
                  + folder.resolve(InitAnswers.BASELINE)
                  + ": a rule for each listener, made now");
    }
    out().println("A file that exists is kept as NAME" + OLD + ". Then both files are checked.");
    if (answers.webhook() != null) {
      out().println("At the end a test message is sent to " + answers.webhook());
    }
    out()
        .println(
            "A running agent reloads the files within seconds; a new address takes effect after a"
                + " restart.");
    out().flush();
  }

  private int write(InitAnswers answers) throws IOException {
    // Other commands are run by the same parser, so the options are read before.
    Path config = config();
    Path policy = policy();
    Path baseline = folder.resolve(InitAnswers.BASELINE);
    Files.createDirectories(folder);
    replace(config, answers.config());
    // The baseline is learned under the open default and included afterwards.
    boolean open = answers.learn();
    InitAnswers first = open ? new InitAnswers(null, false, false, answers.listen()) : answers;
    replace(policy, first.policy(shipped(), false));
    if (answers.learn()) {
      int status =
          run("baseline", "learn", "--config", config.toString(), "--out", baseline.toString());
      if (status != Exit.OK) {
        out().println("The policy still allows ports without a rule, because learning failed.");
        out().flush();
        return status;
      }
      overwrite(policy, answers.policy(shipped(), true));
    }
    int status = run("check", "--config", config.toString());
    return status == Exit.OK && answers.webhook() != null
        ? run("notify", "test", "--config", config.toString())
        : status;
  }

  private int run(String... arguments) {
    return spec.root().commandLine().execute(arguments);
  }

  /**
   * Keeps the old file. It has a second name and no copy, because a copy could get the content of
   * another file: a user may put a link in its place after its mode was read.
   */
  private static void replace(Path file, String text) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      Path old = file.resolveSibling(file.getFileName() + OLD);
      Files.deleteIfExists(old);
      Files.createLink(old, file);
    }
    overwrite(file, text);
  }

  /** Writes a file; owner, group and mode of one that exists stay. */
  private static void overwrite(Path file, String text) throws IOException {
    PosixFileAttributes before =
        Files.exists(file) ? Files.readAttributes(file, PosixFileAttributes.class) : null;
    AtomicFile.write(file, text);
    if (before != null) {
      PosixFileAttributeView now = AtomicFile.attributes(file);
      now.setOwner(before.owner());
      now.setGroup(before.group());
      now.setPermissions(before.permissions());
    }
  }

  private static String shipped() throws IOException {
    try (InputStream in = ConfigFiles.class.getResourceAsStream("files/shipped/policy.yaml")) {
      return new String(
          Objects.requireNonNull(in, "the shipped policy").readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
