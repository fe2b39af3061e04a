package io.portcurfew.config.receivers;

import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.ServerReader;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.message.MessageForm;
import io.portcurfew.notify.message.TextTemplate;
import io.portcurfew.notify.receivers.SyslogSettings;
import io.portcurfew.notify.receivers.SyslogSettings.SyslogTransport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads the settings of a syslog receiver. */
public final class SyslogReader {

  static final List<String> KEYS =
      List.of("server", "transport", "format", "facility", "ca_file", "template");
  static final List<String> TEMPLATE_KEYS = List.of("message");

  /** Facilities by number (RFC 5424, table 1), without those of the kernel, mail and others. */
  public static final List<String> FACILITIES =
      Arrays.asList(
          "",
          "user",
          "",
          "daemon",
          "auth",
          "",
          "",
          "",
          "",
          "",
          "authpriv",
          "",
          "",
          "",
          "",
          "",
          "local0",
          "local1",
          "local2",
          "local3",
          "local4",
          "local5",
          "local6",
          "local7");

  private static final ChoiceReader<SyslogTransport> TRANSPORT =
      ChoiceReader.of(SyslogTransport.values(), SyslogTransport::label);
  private static final ChoiceReader<MessageForm> FORMAT =
      ChoiceReader.of("text", MessageForm.USUAL, "cef", MessageForm.CEF);
  private static final ChoiceReader<String> FACILITY =
      ChoiceReader.of(
          FACILITIES.stream().filter(word -> !word.isEmpty()).toArray(String[]::new),
          Function.identity());

  private SyslogReader() {}

  static Optional<SyslogSettings> read(Field field, Duration timeout) {
    return Section.of(field, KEYS, ReceiverKeyHints.ADVICE)
        .flatMap(section -> read(section, timeout));
  }

  private static Optional<SyslogSettings> read(Section section, Duration timeout) {
    Optional<InetSocketAddress> server = section.required("server").flatMap(ServerReader::read);
    Optional<SyslogTransport> transport = section.required("transport").flatMap(TRANSPORT::read);
    String facility = section.optional("facility").flatMap(FACILITY::read).orElse("daemon");
    Optional<TrustedAuthorities> authorities =
        section.optional("ca_file").flatMap(AuthoritiesReader::read);
    Optional<TextTemplate> message = TemplateReader.only(section, TEMPLATE_KEYS);
    MessageForm form = section.optional("format").flatMap(FORMAT::read).orElse(MessageForm.USUAL);
    if (form == MessageForm.CEF && message.isPresent()) {
      section
          .optional("template")
          .ifPresent(field -> field.wrong("cef has no text of its own", "no template"));
    }
    boolean plain = transport.isPresent() && transport.get() != SyslogTransport.TLS;
    if (plain) {
      section
          .optional("ca_file")
          .ifPresent(field -> field.wrong("only transport: tls uses certificates", "no ca_file"));
    }
    return server.flatMap(
        at ->
            transport.map(
                by ->
                    new SyslogSettings(
                        at,
                        by,
                        FACILITIES.indexOf(facility),
                        authorities.orElse(TrustedAuthorities.OF_THE_HOST),
                        form,
                        message.orElse(null),
                        timeout)));
  }
}
