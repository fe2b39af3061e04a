package io.portcurfew.bundle.signature;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one line of an {@code allowed_signers} file (ssh-keygen(1), ALLOWED SIGNERS). */
final class SignerLine {

  private static final String EXPECTED = "PRINCIPALS [OPTIONS] KEYTYPE KEY";
  private static final Pattern TIME =
      Pattern.compile("(\\d{4})(\\d{2})(\\d{2})(?:(\\d{2})(\\d{2})(\\d{2})?)?(Z?)");

  private final String place;
  private boolean authority;
  private @Nullable PatternList namespaces;
  private @Nullable Instant validAfter;
  private @Nullable Instant validBefore;

  private SignerLine(String place) {
    this.place = place;
  }

  /**
   * Reads a line that is neither empty nor a comment.
   *
   * @param place its file and its number, for a refusal
   */
  static AllowedSigner parse(String place, String line) throws SignatureRefusal {
    return new SignerLine(place).parse(line);
  }

  private AllowedSigner parse(String line) throws SignatureRefusal {
    List<String> words = split(line, ' ');
    boolean hasOptions = words.size() > 3 && !isKeyType(words.get(1));
    int type = hasOptions ? 2 : 1;
    if (words.size() < type + 2) {
      throw wrong("a part is missing", EXPECTED);
    }
    if (hasOptions) {
      for (String option : split(words.get(1), ',')) {
        option(option);
      }
    }
    SshKey key = key(place, words.get(type), words.get(type + 1));
    String principals = words.get(0).replace("\"", "");
    return new AllowedSigner(principals, authority, namespaces, validAfter, validBefore, key);
  }

  private static boolean isKeyType(String word) {
    return word.startsWith("ssh-") || word.startsWith("ecdsa-") || word.startsWith("sk-");
  }

  /** Reads a key in the form of a public key file. */
  static SshKey key(String place, String type, String base64) throws SignatureRefusal {
    try {
      SshKey key = SshKey.parse(Base64.getDecoder().decode(base64));
      if (key.type().equals(type)) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      throw new SignatureRefusal(place + ": the key is not Base64", e);
    } catch (SignatureRefusal e) {
      throw new SignatureRefusal(place + ": " + e.reason(), e);
    }
    throw new SignatureRefusal(place + ": the key is not of the type before it");
  }

  private void option(String option) throws SignatureRefusal {
    int equals = option.indexOf('=');
    String name = (equals < 0 ? option : option.substring(0, equals)).toLowerCase(Locale.ROOT);
    String value = equals < 0 ? "" : option.substring(equals + 1).replace("\"", "");
    switch (name) {
      case "cert-authority" -> authority = true;
      case "namespaces" -> namespaces = PatternList.of(value);
      case "valid-after" -> validAfter = time(value);
      case "valid-before" -> validBefore = time(value);
      default ->
          throw wrong(
              "unknown option " + SshSignature.shown(name),
              "cert-authority, namespaces, valid-after, valid-before");
    }
  }

  /** A time without Z is one of the host's time zone, as for ssh-keygen. */
  private Instant time(String text) throws SignatureRefusal {
    Matcher form = TIME.matcher(text);
    if (!form.matches()) {
      throw wrong("not a time: " + SshSignature.shown(text), "YYYYMMDD[Z] or YYYYMMDDHHMM[SS][Z]");
    }
    try {
      LocalDateTime local =
          LocalDateTime.of(
              number(form, 1),
              number(form, 2),
              number(form, 3),
              number(form, 4),
              number(form, 5),
              number(form, 6));
      ZoneId zone = form.group(7).isEmpty() ? ZoneId.systemDefault() : ZoneOffset.UTC;
      return local.atZone(zone).toInstant();
    } catch (DateTimeException e) {
      throw wrong("not a time: " + SshSignature.shown(text), "a date that exists");
    }
  }

  private static int number(Matcher form, int group) {
    String digits = form.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /** The parts of a line; a separator in quotes does not separate. */
  private List<String> split(String text, char separator) throws SignatureRefusal {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    for (char next : (text.replace('\t', ' ') + separator).toCharArray()) {
      quoted ^= next == '"';
      if (next != separator || quoted) {
        part.append(next);
      } else if (part.length() > 0) {
        parts.add(part.toString());
        part.setLength(0);
      }
    }
    if (quoted) {
      throw wrong("a quote does not end", EXPECTED);
    }
    return parts;
  }

  private SignatureRefusal wrong(String what, String expected) {
    return new SignatureRefusal(place + ": " + what + ". Expected: " + expected);
  }
}
