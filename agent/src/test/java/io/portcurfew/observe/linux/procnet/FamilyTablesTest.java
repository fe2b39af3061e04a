package io.portcurfew.observe.linux.procnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.observe.linux.kernel.FamilyRows;
import io.portcurfew.observe.linux.kernel.FamilySocket;
import io.portcurfew.observe.linux.kernel.KernelException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FamilyTablesTest {

  private static final String PACKET =
      "sk               RefCnt Type Proto  Iface R Rmem   User   Inode";

  private static final String RAW =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
          + " inode ref pointer drops";

  private static List<FamilySocket> raw(boolean ipv6, String... rows) throws KernelException {
    FamilyRows into = new FamilyRows(10);
    List<String> lines = new java.util.ArrayList<>(List.of(RAW));
    lines.addAll(List.of(rows));
    FamilyTables.raw(lines, ipv6, into);
    return into.kept();
  }

  @Test
  void packetSocketsAreRead() throws Exception {
    List<FamilySocket> sockets =
        FamilyTables.packets(
                List.of(
                    PACKET,
                    "00000000a27e1006 3      3    0003   2     1 0      998      100164814",
                    "00000000a27e1007 3      3    0000   0     0 0      0        100164815"),
                10)
            .kept();
    assertThat(sockets).hasSize(1);
    assertThat(sockets.get(0).protocol()).isEqualTo(3);
    assertThat(sockets.get(0).interfaceIndex()).isEqualTo(2);
    assertThat(sockets.get(0).uid()).isEqualTo(998);
    assertThat(sockets.get(0).inode()).isEqualTo(100164814);
    assertThat(sockets.get(0).filtered()).isNull();
  }

  @Test
  void rawSocketsAreRead() throws Exception {
    List<FamilySocket> ipv4 =
        raw(
            false,
            " 200: 0100007F:0001 00000000:0000 07 00000000:00000000 00:00000000 00000000     0   "
                + "     0 100164812 2 00000000938b75f1 0");
    assertThat(ipv4.get(0).protocol()).isEqualTo(1);
    assertThat(ipv4.get(0).address()).hasToString("127.0.0.1");
    List<FamilySocket> ipv6 =
        raw(
            true,
            "  173: 00000000000000000000000001000000:003A 00000000000000000000000000000000:0000 07"
                + " 00000000:00000000 00:00000000 00000000     0        0 5 2 00000000b736655a 0");
    assertThat(ipv6.get(0).protocol()).isEqualTo(58);
    assertThat(ipv6.get(0).address()).hasToString("::1");
  }

  @Test
  void onlyUnconnectedUdpliteSocketsAreRead() throws Exception {
    FamilyRows into = new FamilyRows(10);
    String end = " 00000000:00000000 00:00000000 00000000   998        0 4711 2 0000 0";
    FamilyTables.udplite(
        List.of(
            RAW,
            "  1: 0100007F:1388 00000000:0000 07" + end,
            "  2: 0100007F:1389 0100007F:0050 01" + end),
        false,
        into);
    assertThat(into.kept()).hasSize(1);
    FamilySocket socket = into.kept().get(0);
    assertThat(socket.address()).hasToString("127.0.0.1");
    assertThat(socket.port()).isEqualTo(5000);
    assertThat(socket.uid()).isEqualTo(998);
  }

  @Test
  void onlyListeningSctpEndpointsAreRead() throws Exception {
    FamilyRows into = new FamilyRows(10);
    FamilyTables.sctp(
        List.of(
            " ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS",
            "ffff88 ffff89 2   10  29   36412    200 4711 10.0.0.1 10.0.0.2",
            "ffff88 ffff89 2   7   29   36413    200 4712 10.0.0.1"),
        into);
    assertThat(into.kept()).hasSize(1);
    assertThat(into.kept().get(0).port()).isEqualTo(36412);
    assertThat(into.kept().get(0).inode()).isEqualTo(4711);
    assertThat(into.kept().get(0).address()).hasToString("10.0.0.1");
  }

  @Test
  void countsAreThoseOfTheKernel() throws Exception {
    assertThat(
            FamilyTables.counts(
                List.of(
                    "protocol  size sockets  memory press maxhdr  slab module     cl co",
                    "AF_VSOCK  1240      0      -1   NI       0   yes  kernel      y  n",
                    "XDP       1088      2      -1   NI       0   no   kernel      n  n")))
        .containsEntry("AF_VSOCK", 0L)
        .containsEntry("XDP", 2L)
        .doesNotContainKey("SCTP");
  }

  @Test
  void anythingElseIsRefused() {
    assertThatThrownBy(() -> FamilyTables.packets(List.of(), 10))
        .isInstanceOf(KernelException.class);
    assertThatThrownBy(() -> FamilyTables.packets(List.of(PACKET, "0 3 3 zz 0 1 0 0 5"), 10))
        .isInstanceOf(KernelException.class);
    assertThatThrownBy(() -> raw(false, " 200: 0100007F:0001 00000000:0000 07"))
        .isInstanceOf(KernelException.class);
    assertThatThrownBy(() -> FamilyTables.counts(List.of("protocol size", "TCP")))
        .isInstanceOf(KernelException.class);
  }

  @Test
  void privilegedPort_replacesAnother() {
    FamilyRows rows = new FamilyRows(2);
    rows.add(vsock(5000));
    rows.add(vsock(5001));
    rows.add(vsock(5002));
    rows.add(vsock(22));
    assertThat(rows.isCut()).isTrue();
    assertThat(rows.kept()).extracting(FamilySocket::port).containsExactly(22L, 5000L);
  }

  private static FamilySocket vsock(long port) {
    return new FamilySocket(
        io.portcurfew.observe.SocketPlace.Family.VSOCK,
        0,
        null,
        1,
        port,
        0,
        port,
        1L,
        -1,
        null,
        null);
  }
}
