-- Whether a dead letter still holds its saga up is seen in its delivery.
drop table saga_nudges;
