package io.portcurfew.observe.linux.events.source;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The number of the tracepoint {@code sock:inet_sock_set_state} and the places of its fields, read
 * from its {@code format} file in tracefs; pure.
 *
 * @param protocolSize 1 before Linux 5.6 (commit bf9765145b85), then 2
 */
record TracepointFormat(
    int id,
    int socket,
    int oldState,
    int newState,
    int port,
    int family,
    int protocol,
    int protocolSize,
    int ipv4,
    int ipv6) {

  private static final Pattern ID = Pattern.compile("(?m)^ID: (\\d{1,9})$");
  private static final Pattern FIELD =
      Pattern.compile("(?m)^\\s+field:([^;]+);\\s+offset:(\\d{1,5});\\s+size:(\\d{1,5});");

  private static final String EVENT = "events/sock/inet_sock_set_state/format";
  private static final String FORMAT = "sys/kernel/tracing/" + EVENT;
  private static final String OLD_FORMAT = "sys/kernel/debug/tracing/" + EVENT;
  private static final String LOCKDOWN = "sys/kernel/security/lockdown";

  /** The place and the size of a field in bytes. */
  private record RecordField(int offset, int size) {}

  /**
   * Reads the file of this host.
   *
   * @throws KernelException where it is not there, not readable, or unlike the expected one
   */
  static TracepointFormat read(ProcFs files) throws KernelException {
    return files.read(FORMAT) == null && files.read(OLD_FORMAT) != null
        ? read(files, OLD_FORMAT)
        : read(files, FORMAT);
  }

  /**
   * Reads a file.
   *
   * @throws KernelException where it is not there, not readable, or unlike the expected one
   */
  static TracepointFormat read(ProcFs files, String file) throws KernelException {
    byte[] text = files.read(file);
    if (text == null) {
      KernelException refused = new KernelException("reading /" + file, files.error());
      throw isLockedDown(files)
          ? new KernelException(refused.getMessage() + "; the kernel is locked down")
          : refused;
    }
    return of(new String(text, StandardCharsets.US_ASCII));
  }

  /** True if the kernel makes no files in tracefs (tracer_init_tracefs in kernel/trace/trace.c). */
  private static boolean isLockedDown(ProcFs files) {
    byte[] text = files.read(LOCKDOWN);
    return text != null
        && new String(text, StandardCharsets.US_ASCII).contains("[confidentiality]");
  }

  /**
   * Reads the text of the file.
   *
   * @throws KernelException where a field is missing or has another size than expected
   */
  static TracepointFormat of(String format) throws KernelException {
    Matcher id = ID.matcher(format);
    if (!id.find()) {
      throw new KernelException("the format of the tracepoint has no line ID");
    }
    Map<String, RecordField> fields = fields(format);
    RecordField protocol = fields.get("protocol");
    int protocolSize = protocol != null && protocol.size() == 1 ? 1 : 2;
    return new TracepointFormat(
        Integer.parseInt(id.group(1)),
        at(fields, "skaddr", 8),
        at(fields, "oldstate", 4),
        at(fields, "newstate", 4),
        at(fields, "sport", 2),
        at(fields, "family", 2),
        at(fields, "protocol", protocolSize),
        protocolSize,
        at(fields, "saddr", 4),
        at(fields, "saddr_v6", 16));
  }

  private static Map<String, RecordField> fields(String format) {
    Map<String, RecordField> fields = new HashMap<>();
    Matcher matcher = FIELD.matcher(format);
    while (matcher.find()) {
      String declared = matcher.group(1).strip();
      String name = declared.substring(declared.lastIndexOf(' ') + 1);
      int bracket = name.indexOf('[');
      fields.put(
          bracket < 0 ? name : name.substring(0, bracket),
          new RecordField(Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3))));
    }
    return fields;
  }

  private static int at(Map<String, RecordField> fields, String name, int size)
      throws KernelException {
    RecordField field = fields.get(name);
    if (field == null || field.size() != size) {
      throw new KernelException(
          "the tracepoint has no field "
              + name
              + " of "
              + size
              + " bytes; found "
              + (field == null ? "none" : field.size() + " bytes"));
    }
    return field.offset();
  }

  /** The protocol of a record that starts here, as in linux/in.h. */
  int protocolOf(ByteBuffer bytes, int start) {
    return protocolSize == 1
        ? bytes.get(start + protocol) & 0xFF
        : bytes.getShort(start + protocol) & 0xFFFF;
  }

  /** The number of bytes that a record needs. */
  int size() {
    return IntStream.of(
            socket + 8,
            oldState + 4,
            newState + 4,
            port + 2,
            family + 2,
            protocol + protocolSize,
            ipv4 + 4,
            ipv6 + 16)
        .max()
        .getAsInt();
  }
}
