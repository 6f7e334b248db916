-- SPDX-License-Identifier: GPL-2.0-or-later
-- Documents of portstat --json in SQLite (3.38 or later):
--
--     sqlite3 ports.db <schema.sql
--     portstat -a --json --output=web1.json
--     sqlite3 ports.db "INSERT INTO document (text) VALUES (readfile('web1.json'))"
--     sqlite3 -box ports.db "SELECT * FROM rare_listener"
--
-- Each document becomes a row of snapshot and its sockets rows of socket.  The views at the end are
-- questions about the latest snapshot of each host.

CREATE TABLE snapshot (
	id INTEGER PRIMARY KEY,
	host TEXT,
	machine TEXT,
	boot_id TEXT,
	time TEXT,                      -- RFC 3339, UTC: texts in the order of time
	complete INTEGER NOT NULL,
	problems TEXT NOT NULL,         -- JSON
	selection TEXT                  -- JSON
);
CREATE INDEX snapshot_by_host ON snapshot (host, time);

CREATE TABLE socket (
	snapshot INTEGER NOT NULL REFERENCES snapshot (id) ON DELETE CASCADE,
	proto TEXT NOT NULL,
	family TEXT NOT NULL,
	dual_stack INTEGER,
	state TEXT NOT NULL,
	local_addr TEXT,
	local_port INTEGER,
	peer_addr TEXT,
	peer_port INTEGER,
	iface TEXT,
	service TEXT,
	port_class TEXT,
	reach TEXT,
	recv_q INTEGER,
	send_q INTEGER,
	uid INTEGER,
	user TEXT,
	netns_name TEXT,
	unit TEXT,
	container TEXT,
	pod TEXT,
	process TEXT,                   -- name of the owner with the lowest pid, but of pid 1 only if it is alone
	owner_note TEXT,
	owners TEXT                     -- JSON
);
CREATE INDEX socket_by_snapshot ON socket (snapshot, state, proto, local_port);
-- With all that "connection" needs of the other end, which is then not looked up in the table.
CREATE INDEX socket_by_ends ON socket (local_port, peer_port, local_addr, peer_addr, proto, snapshot, process)
	WHERE peer_addr IS NOT NULL;

-- What is inserted here is taken apart and not kept.
CREATE VIEW document (text) AS SELECT NULL;

-- An address as it is known at the other end: an IPv4 address mapped into IPv6 is that IPv4 address.
CREATE TRIGGER document_insert INSTEAD OF INSERT ON document
BEGIN
	SELECT RAISE(ABORT, 'not a document of portstat --json, schema 1')
	WHERE json_valid(new.text) IS NOT 1 OR json_extract(new.text, '$.schema') IS NOT 1
		OR json_type(new.text, '$.sockets') IS NOT 'array';
	INSERT INTO snapshot (host, machine, boot_id, time, complete, problems, selection)
	SELECT new.text ->> '$.host', new.text ->> '$.machine', new.text ->> '$.boot_id', new.text ->> '$.time',
		new.text ->> '$.complete', new.text -> '$.problems', new.text -> '$.selection';
	INSERT INTO socket
	SELECT (SELECT max(id) FROM snapshot), value ->> 'proto', value ->> 'family', value ->> 'dual_stack',
		value ->> 'state', replace(value ->> 'local_addr', '::ffff:', ''), value ->> 'local_port',
		replace(value ->> 'peer_addr', '::ffff:', ''), value ->> 'peer_port', value ->> 'iface',
		value ->> 'service', value ->> 'port_class', value ->> 'reach', value ->> 'recv_q',
		value ->> 'send_q', value ->> 'uid', value ->> 'user', value ->> 'netns_name',
		value ->> 'unit', value ->> 'container', value ->> 'pod',
		coalesce(CASE WHEN value ->> '$.owners[0].pid' = 1 THEN value ->> '$.owners[1].name' END,
			value ->> '$.owners[0].name'),
		value ->> 'owner_note', value -> 'owners'
	FROM json_each(new.text, '$.sockets');
END;

-- SQLite takes id from the row that has the maximum.
CREATE VIEW latest AS
SELECT id, host, max(time) AS time FROM snapshot GROUP BY host;

-- CROSS JOIN, here and below: SQLite keeps this order, and reads nothing of older snapshots.
CREATE VIEW listener AS
SELECT latest.host, socket.* FROM latest CROSS JOIN socket ON socket.snapshot = latest.id
WHERE state IN ('listen', 'bound') AND (state = 'listen' OR proto IN ('udp', 'udplite'));

-- What listens on at most two hosts: forgotten, or not meant to be there.
CREATE VIEW rare_listener AS
SELECT proto, local_port, coalesce(unit, container, process) AS holder, min(service) AS service,
	count(DISTINCT host) AS hosts, group_concat(DISTINCT host) AS on_hosts
FROM listener
WHERE port_class IS NOT 'dynamic'
GROUP BY proto, local_port, holder
HAVING hosts <= 2
ORDER BY hosts, proto, local_port;

-- Both ends of connections between these hosts, each connection once: the server's end first.
CREATE VIEW connection AS
SELECT server.host AS server, here.proto, here.local_addr AS server_addr, here.local_port AS server_port,
	here.process AS server_process, client.host AS client, there.local_addr AS client_addr,
	there.process AS client_process, here.state
FROM latest AS server
CROSS JOIN socket AS here ON here.snapshot = server.id AND here.peer_addr IS NOT NULL
CROSS JOIN socket AS there ON there.local_port = here.peer_port AND there.peer_port = here.local_port
	AND there.local_addr = here.peer_addr AND there.peer_addr = here.local_addr
	AND there.proto = here.proto
CROSS JOIN latest AS client ON client.id = there.snapshot
WHERE (here.snapshot, here.proto, here.local_port) IN (
		SELECT snapshot, proto, local_port FROM socket WHERE state = 'listen'
	)
	AND here.local_addr NOT LIKE '127.%' AND here.local_addr <> '::1' AND here.local_addr NOT LIKE 'fe80:%';

-- What can be reached by all, by host.
CREATE VIEW exposed AS
SELECT host, proto, local_addr, local_port, service, coalesce(unit, container, process) AS holder
FROM listener WHERE reach = 'all' ORDER BY host, proto, local_port;
