package io.portcurfew.config.web;

import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the lowest and highest TLS version. Java does not serve TLS 1.0 and 1.1 any more. */
final class TlsVersionReader {

  private enum TlsVersion {
    TLS10(null),
    TLS11(null),
    TLS12("TLSv1.2"),
    TLS13("TLSv1.3");

    private final @Nullable String protocol;

    TlsVersion(@Nullable String protocol) {
      this.protocol = protocol;
    }
  }

  private static final ChoiceReader<TlsVersion> VERSION =
      ChoiceReader.of(TlsVersion.values(), TlsVersion::name);

  private TlsVersionReader() {}

  /** The protocols in the names of Java; both if there is a problem. */
  static List<String> read(Section section) {
    Optional<Field> maximum = section.optional("max_version");
    TlsVersion least = read(section.optional("min_version"), TlsVersion.TLS12);
    TlsVersion most = read(maximum, TlsVersion.TLS13);
    if (least.compareTo(most) > 0) {
      maximum.ifPresent(field -> field.wrong("lower than min_version", least + " or higher"));
    }
    return Arrays.stream(TlsVersion.values())
        .filter(version -> version.compareTo(least) >= 0 && version.compareTo(most) <= 0)
        .flatMap(version -> Stream.ofNullable(version.protocol))
        .toList();
  }

  private static TlsVersion read(Optional<Field> field, TlsVersion otherwise) {
    Optional<TlsVersion> version = field.flatMap(VERSION::read);
    if (field.isPresent() && version.filter(one -> one.protocol == null).isPresent()) {
      field.get().wrong("this version cannot be served", "TLS12 or TLS13");
      return otherwise;
    }
    return version.orElse(otherwise);
  }
}
