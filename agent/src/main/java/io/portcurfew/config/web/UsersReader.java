package io.portcurfew.config.web;

import io.portcurfew.config.yaml.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code basic_auth_users}: bcrypt hashes by user name. No problem shows a hash. */
final class UsersReader {

  /** The most users: each login costs a hash. */
  static final int MOST = 64;

  /**
   * The highest cost: it doubles the time with each step. 14 takes about a second; a higher one
   * would let a flood of wrong passwords keep every user out.
   */
  static final int MOST_COST = 14;

  private static final int LEAST_COST = 4;
  private static final Pattern HASH = Pattern.compile("\\$2[aby]\\$([0-9]{2})\\$[./A-Za-z0-9]{53}");
  private static final String EXPECTED =
      "a bcrypt hash of a cost from 4 to 14, as htpasswd -nBC 10 prints it";
  private static final String MAPPING = "a mapping of user names to bcrypt hashes";

  private UsersReader() {}

  static Map<String, String> read(Field field) {
    Map<String, String> users = new LinkedHashMap<>();
    List<Field.FieldEntry> entries = field.entries(MAPPING).orElse(List.of());
    if (entries.size() > MOST) {
      field.wrong("too many users", "" + entries.size(), "at most " + MOST, null);
      return users;
    }
    for (Field.FieldEntry entry : entries) {
      if (entry.name().isEmpty() || entry.name().contains(":")) {
        entry.key().wrong("a user name cannot be empty or hold a colon", "another name");
      }
      entry
          .value()
          .scalar(EXPECTED)
          .ifPresent(
              scalar -> {
                check(entry.value(), scalar.text());
                users.put(entry.name(), scalar.text());
              });
    }
    return users;
  }

  private static void check(Field field, String text) {
    Matcher hash = HASH.matcher(text);
    if (!hash.matches()) {
      field.wrong("not a bcrypt hash", "a text that is not shown", EXPECTED, null);
      return;
    }
    int cost = Integer.parseInt(hash.group(1));
    if (cost < LEAST_COST || cost > MOST_COST) {
      field.wrong("the cost of the hash is out of range", "cost " + cost, EXPECTED, null);
    }
  }
}
