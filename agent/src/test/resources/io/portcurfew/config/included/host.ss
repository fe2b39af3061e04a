Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
tcp   LISTEN 0      5            0.0.0.0:1         0.0.0.0:*    users:(("nc",pid=4711,fd=3))
