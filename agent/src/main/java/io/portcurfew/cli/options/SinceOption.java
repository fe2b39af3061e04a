package io.portcurfew.cli.options;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option for the start of the printed period. */
public final class SinceOption {

  @Option(
      names = "--since",
      paramLabel = "TIME",
      defaultValue = "24h",
      converter = ToDuration.class,
      description = "The length of the period, like 30m, 24h or 7d. Default: ${DEFAULT-VALUE}.")
  private Duration since;

  /** The moment that the option means. */
  public Instant before(Instant now) {
    return now.minus(since);
  }

  /** Parses minutes, hours and days. */
  public static final class ToDuration implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,4})([mhd])");

    @Override
    public Duration convert(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw new TypeConversionException("expected minutes, hours or days, like 30m, 24h or 7d");
      }
      long number = Long.parseLong(form.group(1));
      return switch (form.group(2)) {
        case "m" -> Duration.ofMinutes(number);
        case "h" -> Duration.ofHours(number);
        default -> Duration.ofDays(number);
      };
    }
  }
}
