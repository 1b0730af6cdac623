import { checkJson, dataFromText, refuseDepth } from "../data.ts";
import type { ForeignShape } from "./foreign-shape.ts";
import { Mapping } from "./mapping.ts";

/**
 * A message as Amazon SNS posts it to a subscribed address, also the one that asks to confirm the
 * subscription: its address then stands in `unmapped`. The payload is the text of `Message`, as JSON when it
 * is that. The type is made as the CloudEvents adapter for SNS makes it.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 * @see https://github.com/cloudevents/spec/blob/main/cloudevents/adapters/aws-sns.md
 */
export const sns: ForeignShape = {
  shape: "sns",
  description: "SNS (MessageId, TopicArn, Message)",

  matches: (values) => Object.hasOwn(values, "MessageId") && Object.hasOwn(values, "TopicArn"),

  read(object, values, maxDepth) {
    const mapping = new Mapping("sns", object, values);
    mapping.takeText("id", "MessageId");
    mapping.takeText("source", "TopicArn");
    mapping.takeText("subject", "Subject");
    mapping.takeTime("Timestamp");
    if (typeof values.Type === "string") {
      mapping.set("type", `com.amazonaws.sns.${values.Type}`);
      mapping.take("Type");
    }
    if (typeof values.Message === "string") {
      const verdict = checkJson(values.Message, maxDepth);
      if (verdict === "too-deep") return refuseDepth(maxDepth);
      if (verdict === "valid" && values.Message.isWellFormed()) {
        mapping.setData({ encoding: "json", text: values.Message }, "application/json");
      } else {
        const data = dataFromText(values.Message);
        if ("kind" in data) return data;
        mapping.setData(data, "text/plain");
      }
      mapping.take("Message");
    }
    return mapping.finish({ id: "MessageId", source: "TopicArn", type: "Type" });
  },

  examples: [
    {
      title: "a notification whose message is JSON inside a string",
      text: `{"Type":"Notification","MessageId":"22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn":"arn:aws:sns:us-west-2:123456789012:MyTopic","Subject":"My First Message",
        "Message":"{\\"orderId\\":12345678901234567890}","Timestamp":"2012-05-02T00:54:06.655Z",
        "SignatureVersion":"1","Signature":"EXAMPLEw6JRN"}`,
      event: {
        id: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        source: "arn:aws:sns:us-west-2:123456789012:MyTopic",
        type: "com.amazonaws.sns.Notification",
        subject: "My First Message",
        time: "2012-05-02T00:54:06.655Z",
        dataContentType: "application/json",
        data: { encoding: "json", text: '{"orderId":12345678901234567890}' },
        extensions: { unmapped: '{"SignatureVersion":"1","Signature":"EXAMPLEw6JRN"}' },
      },
    },
    {
      title: "a notification whose message is text",
      text: `{"Type":"Notification","MessageId":"m-2","TopicArn":"arn:aws:sns:us-west-2:123456789012:MyTopic",
        "Message":"Hello world!"}`,
      event: {
        id: "m-2",
        source: "arn:aws:sns:us-west-2:123456789012:MyTopic",
        type: "com.amazonaws.sns.Notification",
        dataContentType: "text/plain",
        data: { encoding: "text", text: "Hello world!" },
      },
    },
    {
      title: "the request to confirm a subscription",
      text: `{"Type":"SubscriptionConfirmation","MessageId":"m-3","Token":"2336412f37",
        "TopicArn":"arn:aws:sns:us-west-2:123456789012:MyTopic","Message":"You have chosen to subscribe.",
        "SubscribeURL":"https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription"}`,
      event: {
        id: "m-3",
        source: "arn:aws:sns:us-west-2:123456789012:MyTopic",
        type: "com.amazonaws.sns.SubscriptionConfirmation",
        dataContentType: "text/plain",
        data: { encoding: "text", text: "You have chosen to subscribe." },
        extensions: {
          unmapped:
            '{"Token":"2336412f37","SubscribeURL":"https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription"}',
        },
      },
    },
  ],
};
