-- Jobs that wait are lost: stop the job server first.
drop table hangfire.set;
drop table hangfire.list;
drop table hangfire.hash;
drop table hangfire.aggregatedcounter;
drop table hangfire.counter;
drop table hangfire.lock;
drop table hangfire.server;
drop table hangfire.state;
drop table hangfire.jobqueue;
drop table hangfire.jobparameter;
drop table hangfire.job;
drop table hangfire.schema;
drop schema hangfire;
