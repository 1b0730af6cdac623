import type { ShapeExample } from "./foreign-shape.ts";

const CUSTOMER_CHANGE = `{"before":{"id":1,"email":"annek@noanswer.org"},"after":{"id":1,"email":"anne@example.org"},
  "source":{"version":"3.1.0.Final","connector":"postgresql","name":"PostgreSQL_server","ts_ms":1763780716789,
  "snapshot":"false","db":"inventory","sequence":"[null,\\"24023128\\"]","schema":"public","table":"customers",
  "txId":556,"lsn":24023128,"xmin":null},"op":"u","ts_ms":1763780717001,"transaction":null}`;

const ORDER_INSERT = `{"before":null,"after":{"id":17,"total":12345678901234567890.10},"source":{"connector":"mysql",
  "name":"shop","ts_ms":1763780716000,"ts_us":1763780716000123,"db":"shop","table":"orders","server_id":223344,
  "gtid":"24bc7850:37","file":"mysql-bin.000003","pos":484,"row":2},"op":"c","ts_ms":1763780716500}`;

export const debeziumExamples: readonly ShapeExample[] = [
  {
    title: "an update in PostgreSQL, in the wrapper with its schema",
    text: `{"schema": {"type": "struct", "name": "PostgreSQL_server.inventory.customers.Envelope"}, "payload": ${CUSTOMER_CHANGE}}`,
    event: {
      id: "inventory.public.customers;u;lsn=24023128;txId=556;content=2e5b6f5868956fd79aa790cb020d5b9a",
      source: "/debezium/postgresql/PostgreSQL_server",
      type: "io.debezium.inventory.public.customers.updated",
      subject: "inventory.public.customers",
      time: "2025-11-22T03:05:16.789Z",
      dataContentType: "application/json",
      data: { encoding: "json", text: CUSTOMER_CHANGE },
      extensions: {
        unmapped: '{"schema":{"type":"struct","name":"PostgreSQL_server.inventory.customers.Envelope"}}',
      },
    },
  },
  {
    title: "an insert in MySQL, without the wrapper",
    text: ORDER_INSERT,
    event: {
      id: "shop.orders;c;gtid=24bc7850:37;server_id=223344;file=mysql-bin.000003;pos=484;row=2;content=ec028e75ec58864223abde551051395a",
      source: "/debezium/mysql/shop",
      type: "io.debezium.shop.orders.created",
      subject: "shop.orders",
      time: "2025-11-22T03:05:16.000123Z",
      dataContentType: "application/json",
      data: { encoding: "json", text: ORDER_INSERT },
    },
  },
];
