package io.portcurfew.config.receivers;

import io.portcurfew.config.files.SecretReader;
import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.DistinctItems;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.ServerReader;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.message.TextTemplate;
import io.portcurfew.notify.receivers.EmailSettings;
import io.portcurfew.notify.receivers.EmailSettings.Login;
import io.portcurfew.notify.receivers.EmailSettings.Security;
import io.portcurfew.notify.receivers.EmailSettings.Wording;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the settings of an email receiver. */
final class EmailReader {

  static final List<String> KEYS =
      List.of("server", "security", "user", "password_file", "from", "to", "ca_file", "template");

  static final List<String> TEMPLATE_KEYS = List.of("subject", "text");

  private static final int MOST_ADDRESSES = 32;
  private static final int LONGEST_USER = 200;
  private static final String ADDRESS = "an address like ops@example.org";

  /** A dot-atom address (RFC 5322, 3.4.1): no quotes, comments, folding or literals. */
  private static final Pattern FORM =
      Pattern.compile(
          "(?=.{3,254}$)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
              + "@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");

  private static final ChoiceReader<Security> SECURITY =
      ChoiceReader.of(Security.values(), Security::label);

  private EmailReader() {}

  public static Optional<EmailSettings> read(Field field, Duration timeout) {
    return Section.of(field, KEYS, ReceiverKeyHints.ADVICE)
        .flatMap(section -> read(section, timeout));
  }

  private static Optional<EmailSettings> read(Section section, Duration timeout) {
    Optional<InetSocketAddress> server = section.required("server").flatMap(ServerReader::read);
    Security security =
        section.optional("security").flatMap(SECURITY::read).orElse(Security.STARTTLS);
    Optional<Login> login = login(section);
    Optional<String> from = section.required("from").flatMap(EmailReader::address);
    List<String> to = section.required("to").map(EmailReader::addresses).orElse(List.of());
    TrustedAuthorities authorities =
        section
            .optional("ca_file")
            .flatMap(AuthoritiesReader::read)
            .orElse(TrustedAuthorities.OF_THE_HOST);
    Wording wording =
        TemplateReader.section(section, TEMPLATE_KEYS)
            .map(EmailReader::wording)
            .orElse(Wording.DEFAULT);
    server.ifPresent(at -> checkPlain(section, at, security));
    if (server.isEmpty() || from.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new EmailSettings(
            server.get(),
            security,
            login.orElse(null),
            authorities,
            from.get(),
            to,
            wording,
            timeout));
  }

  private static Wording wording(Section template) {
    Optional<TextTemplate> subject = template.optional("subject").flatMap(TemplateReader::read);
    Optional<TextTemplate> text = template.optional("text").flatMap(TemplateReader::read);
    return new Wording(subject.orElse(null), text.orElse(null));
  }

  private static Optional<Login> login(Section section) {
    Optional<Field> userField = section.optional("user");
    Optional<Field> passwordField = section.optional("password_file");
    if (userField.isEmpty() && passwordField.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> user =
        section
            .required("user")
            .flatMap(field -> TextReader.line(field, LONGEST_USER, "the name to log in with"));
    Optional<Secret> password = section.required("password_file").flatMap(SecretReader::read);
    return user.flatMap(name -> password.map(secret -> new Login(name, secret)));
  }

  private static List<String> addresses(Field field) {
    List<Field> items = field.oneOrMore(ADDRESS + ", or a list of them").orElse(List.of());
    if (items.size() > MOST_ADDRESSES) {
      field.wrong("too many addresses", "" + items.size(), "at most " + MOST_ADDRESSES, null);
      return List.of();
    }
    return DistinctItems.read(items, EmailReader::address);
  }

  private static Optional<String> address(Field field) {
    return TextReader.line(field, 254, ADDRESS)
        .filter(
            text -> {
              boolean fits = FORM.matcher(text).matches();
              if (!fits) {
                field.wrong("not a mail address", ADDRESS);
              }
              return fits;
            });
  }

  private static void checkPlain(Section section, InetSocketAddress server, Security security) {
    if (security == Security.NONE && !ServerReader.isThisHost(server)) {
      section
          .required("security")
          .ifPresent(
              field ->
                  field.wrong(
                      "without TLS the mail and the password can be read on the network; only a"
                          + " server on this host allows none",
                      "starttls, tls"));
    }
    if (security == Security.NONE) {
      section
          .optional("ca_file")
          .ifPresent(field -> field.wrong("security: none uses no certificates", "no ca_file"));
    }
  }
}
