package io.portcurfew.cli.silence;

import io.portcurfew.alert.Silence;
import io.portcurfew.alert.StableId;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.SinceOption;
import io.portcurfew.cli.text.SilenceText;
import io.portcurfew.config.yaml.Suggestion;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.output.VerdictJson;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.store.History;
import io.portcurfew.store.SilenceWriter;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code silence add}: stops the notifications of a rule's or an endpoint's alerts. */
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    description = "Creates a silence; effective from the next scan.",
    footer = {
      "",
      "Exit status: 0 if the silence is created; 2 for wrong usage; " + Exit.NO_DATA + Exit.COMMON
    })
final class SilenceAddCommand implements Callable<Integer> {

  private static final Duration MOST = Duration.ofDays(90);
  private static final int MOST_COMMENT = 500;
  private static final int ID_DIGITS = 8;

  @Spec private CommandSpec spec;
  @Mixin private SilenceDatabase file;

  @ArgGroup(multiplicity = "1")
  private Matcher matcher = new Matcher();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      required = true,
      converter = SinceOption.ToDuration.class,
      description = "The duration, like 30m, 2h or 7d; at most 90d.")
  private Duration time;

  @Option(
      names = "--comment",
      paramLabel = "TEXT",
      required = true,
      description = "The reason, shown in the list of silences.")
  private String comment;

  /** Selects the alerts by rule or by endpoint. */
  private static final class Matcher {
    @Option(names = "--rule", paramLabel = "RULE", description = "All alerts of this rule.")
    private @Nullable String rule;

    @Option(
        names = "--endpoint",
        paramLabel = "ENDPOINT",
        converter = ToEndpoint.class,
        description =
            "All alerts of this endpoint, as shown by scan: \"tcp 0.0.0.0:611\", \"udp [::1]:53 in"
                + " web\".")
    private @Nullable Endpoint endpoint;
  }

  /** Parses an endpoint. */
  static final class ToEndpoint implements ITypeConverter<Endpoint> {
    @Override
    public Endpoint convert(String text) {
      return Endpoint.parse(text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "expected an endpoint as shown by scan, like tcp 127.0.0.1:5432"));
    }
  }

  @Override
  public Integer call() {
    if (time.compareTo(MOST) > 0) {
      throw wrong("--for: a silence lasts at most " + MOST.toDays() + "d.");
    }
    if (comment.isBlank() || comment.length() > MOST_COMMENT) {
      throw wrong("--comment: the text must have 1 to " + MOST_COMMENT + " characters.");
    }
    return file.use(spec, this::add);
  }

  private ParameterException wrong(String why) {
    return new ParameterException(spec.commandLine(), why);
  }

  private int add(SilenceWriter writer) throws History.Unreadable {
    checkRule();
    Silence silence = silence(Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS));
    if (!writer.add(silence)) {
      throw wrong("There are already " + SilenceWriter.MOST + " silences, the highest number.");
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "Silenced until "
            + VerdictJson.time(silence.endsAt())
            + ": "
            + SilenceText.what(silence)
            + ". To end it earlier: portcurfew silence end "
            + silence.id());
    out.flush();
    return Exit.OK;
  }

  /** Refuses unknown rules: a mistyped name would silently match no alert. */
  private void checkRule() {
    String rule = matcher.rule;
    if (rule == null || rule.equals(Policy.DEFAULT)) {
      return;
    }
    Optional<Policy> policy = file.policy();
    if (policy.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println(
              "The policy cannot be read now, so the name of the rule is not checked; see"
                  + " portcurfew check.");
      return;
    }
    List<String> names = policy.get().rules().stream().map(Rule::name).toList();
    if (!names.contains(rule)) {
      String near = Suggestion.of(rule, names).map(one -> " Did you mean " + one + "?").orElse("");
      throw wrong("--rule: the policy has no rule " + HostText.of(rule) + "." + near);
    }
  }

  private Silence silence(Instant now) {
    String by = InvokingUser.name();
    String id =
        StableId.of(
            String.valueOf(matcher.rule), String.valueOf(matcher.endpoint), by, now.toString());
    return new Silence(
        id.substring(0, ID_DIGITS),
        matcher.rule,
        matcher.endpoint,
        now,
        now.plus(time),
        by,
        HostText.of(comment).toString());
  }
}
