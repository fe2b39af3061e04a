package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.OtherSockets;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.SocketPlace.Family;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Real sockets of other families in a network namespace of the test's own. */
@EnabledOnOs(OS.LINUX)
@LiveHost
class OtherSocketLiveTest {

  private static final int MOST_LOOKS = 50;

  private final LinuxSource source = PatientSource.ofHost();
  private InNamespace namespace;

  @BeforeEach
  void create() throws Exception {
    namespace = new InNamespace("other");
  }

  @AfterEach
  void remove() throws Exception {
    source.close();
    namespace.remove();
  }

  private OtherSockets look() throws InterruptedException {
    return source.look().sockets();
  }

  /** Other namespaces are read in turns, so a change may need several looks. */
  private OtherSocket found(String place) throws InterruptedException {
    String whole = place + " in " + namespace.name();
    for (int i = 0; i < MOST_LOOKS; i++) {
      for (OtherSocket socket : look().all()) {
        if (socket.place().toString().equals(whole) && !socket.owners().isEmpty()) {
          return socket;
        }
      }
    }
    throw new AssertionError("no " + whole + " in " + look());
  }

  @Test
  void eachSocketHasItsOwner() throws Exception {
    String script =
        """
        packet = socket.socket(17, 3, socket.htons(3))
        bound = socket.socket(17, 2, 0)
        bound.bind(('lo', 0x0800))
        icmp = socket.socket(2, 3, 1)
        icmp6 = socket.socket(10, 3, 58)
        udplite = socket.socket(2, 2, 136)
        udplite.bind(('127.0.0.1', 5000))
        ready()
        """;
    look();
    try (PythonProcess holder = namespace.python(script)) {
      for (String place :
          new String[] {
            "packet all",
            "packet ip on lo",
            "raw icmp 0.0.0.0",
            "raw ipv6-icmp ::",
            "udplite 127.0.0.1:5000"
          }) {
        assertThat(found(place).owners()).as(place).extracting(Owner::pid).contains(holder.pid());
      }
    }
  }

  @Test
  void filterAndGroupOfAPacketSocketAreShown() throws Exception {
    String script =
        """
        import struct
        s = socket.socket(17, 3, socket.htons(3))
        s.bind(('lo', 3))
        s.setsockopt(263, 18, 42)
        code = ctypes.create_string_buffer(struct.pack('HBBI', 6, 0, 0, 0))
        s.setsockopt(1, 26, struct.pack('HL', 1, ctypes.addressof(code)))
        ready()
        """;
    try (PythonProcess holder = namespace.python(script)) {
      OtherSocket socket = found("packet all on lo");
      assertThat(holder.pid()).isPositive();
      assertThat(socket.filtered()).isTrue();
      assertThat(socket.fanout()).isEqualTo(42);
    }
  }

  @Test
  void closedSocketIsGone() throws Exception {
    try (PythonProcess holder =
        namespace.python("s = socket.socket(17, 3, socket.htons(3))\nready()")) {
      assertThat(found("packet all").owners()).extracting(Owner::pid).contains(holder.pid());
    }
    String whole = "packet all in " + namespace.name();
    boolean there = true;
    for (int i = 0; i < MOST_LOOKS && there; i++) {
      there = look().all().stream().anyMatch(one -> one.place().toString().equals(whole));
    }
    assertThat(there).isFalse();
  }

  @Test
  void steadyLookReturnsTheSameObject() throws Exception {
    Set<OtherSockets> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < MOST_LOOKS; i++) {
      seen.add(look());
    }
    assertThat(seen).hasSizeLessThan(MOST_LOOKS);
  }

  @Test
  void deviceOfATunnelHasItsOwner() throws Exception {
    String script =
        """
        import fcntl, struct
        device = os.open('/dev/net/tun', os.O_RDWR)
        fcntl.ioctl(device, 0x400454ca, struct.pack('16sH22x', b'probe0', 0x1001))
        ready()
        """;
    try (PythonProcess holder = namespace.python(script)) {
      assertThat(found("tun on probe0").owners())
          .extracting(Owner::pid)
          .containsExactly(holder.pid());
    }
  }

  @Test
  void socketInARingHasItsOwner() throws Exception {
    String script =
        """
        s = tcp('127.0.0.1', 4711)
        ring = libc.syscall(425, 4, ctypes.create_string_buffer(120))
        assert ring >= 0
        assert not libc.syscall(427, ring, 2, (ctypes.c_int * 1)(s.fileno()), 1)
        s.close()
        ready()
        """;
    try (PythonProcess holder = namespace.python(script)) {
      for (int i = 0; i < MOST_LOOKS; i++) {
        for (Listener listener : source.look().listeners()) {
          if (listener.endpoint().namespace().equals(namespace.name())
              && !listener.owners().isEmpty()) {
            assertThat(listener.owners()).extracting(Owner::pid).containsExactly(holder.pid());
            // The next looks prove the owner; it stays the same.
            source.look();
            assertThat(source.look().listeners()).contains(listener);
            return;
          }
        }
      }
      throw new AssertionError("the listener has no owner");
    }
  }

  @Test
  void programThatTakesConnectionsHasItsOwner() throws Exception {
    String script =
        """
        import struct
        code = ctypes.create_string_buffer(
            struct.pack('BBhi', 0xb7, 0, 0, 1) + struct.pack('BBhi', 0x95, 0, 0, 0))
        license = ctypes.create_string_buffer(b'GPL')
        load = ctypes.create_string_buffer(struct.pack(
            'IIQQIIQII16sII', 30, 2, ctypes.addressof(code), ctypes.addressof(license), 0, 0, 0, 0,
            0, b'', 0, 36), 128)
        program = libc.syscall(321, 5, load, 128)
        assert program >= 0
        here = os.open('/proc/self/ns/net', os.O_RDONLY)
        attach = ctypes.create_string_buffer(struct.pack('IIII', program, here, 36, 0), 64)
        link = libc.syscall(321, 28, attach, 64)
        assert link >= 0
        ready()
        """;
    Requirement.that(System.getProperty("os.arch").equals("amd64"), "the call numbers of x86_64");
    source.look();
    try (PythonProcess holder = namespace.python(script)) {
      assertThat(found("bpf sk_lookup").owners())
          .extracting(Owner::pid)
          .containsExactly(holder.pid());
    }
  }

  @Test
  void xdpSocketThatIsShownIsNoGap() throws Exception {
    try (PythonProcess holder = namespace.python("xdp = socket.socket(44, 3, 0); ready()")) {
      assertThat(found("xdp").owners()).extracting(Owner::pid).containsExactly(holder.pid());
      assertThat(look().unlisted())
          .noneMatch(one -> one.family() == Family.XDP && one.namespace().equals(namespace.name()));
    }
  }
}
