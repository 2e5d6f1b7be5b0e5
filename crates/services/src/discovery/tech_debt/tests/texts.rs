//! What texts are read as. Written in the way of inventories: virtualisation exports, CMDBs, hand-made lists.

use super::super::TechDebt;
use super::super::catalogue::ProductKind;
use super::super::recognition::Found;
use super::super::version::Version;

/// "Product|version": `?` after the version if only a part of it is stated, `~` if several are possible, `>` if it is
/// newer than the catalogue, `!` if it is not listed, nothing if none is stated.
fn written(debt: &TechDebt, found: Found) -> String {
    let product = &debt.catalogue.products[found.product];
    let version = match found.version {
        Version::Known(cycle) => product.cycles[cycle].version.clone(),
        Version::LongestSupported(cycle) => format!("{}?", product.cycles[cycle].version),
        Version::Uncertain => "~".to_owned(),
        Version::Newer => ">".to_owned(),
        Version::NotListed => "!".to_owned(),
        Version::Missing => String::new(),
    };
    format!("{}|{version}", product.name)
}

fn system(debt: &TechDebt, name: &str, version: &str) -> String {
    debt.catalogue
        .system(name, version)
        .operating_system
        .map(|found| written(debt, found))
        .unwrap_or_default()
}

fn software(debt: &TechDebt, text: &str) -> String {
    let found = debt.catalogue.software(text, false);
    let known = found
        .into_iter()
        .filter(|found| found.version != Version::Missing);
    known
        .map(|found| written(debt, found))
        .collect::<Vec<_>>()
        .join(", ")
}

#[test]
fn operating_systems_are_read_as_inventories_write_them() {
    let debt = &*super::DEBT;
    for (text, expected) in [
        (
            "Microsoft Windows Server 2012 R2 (64-bit)",
            "Windows Server|2012 R2",
        ),
        ("Microsoft Windows Server 2012 (64-bit)", "Windows Server|2012"),
        ("windows server 2016", "Windows Server|2016"),
        ("Windows Server 2019 Datacenter", "Windows Server|2019"),
        ("Microsoft Windows Server 2022 Standard", "Windows Server|2022"),
        ("Windows Server® 2008 Enterprise R2", "Windows Server|2008 R2"),
        ("Windows Server(R) 2008 Standard x86", "Windows Server|2008"),
        (
            "Microsoft Windows Server 2003 Standard (32-bit)",
            "Windows Server|2003",
        ),
        (
            "Microsoft Windows Server 2016 or later (64-bit)",
            "Windows Server|~",
        ),
        ("Windows 2012 R2", "Windows Server|2012 R2"),
        ("W2K12R2", "Windows Server|2012 R2"),
        ("Win2k8 R2 SP1", "Windows Server|2008 R2"),
        ("win2019", "Windows Server|2019"),
        ("WINDOWS SERVER STANDARD 2025", "Windows Server|2025"),
        ("Hyper-V Server 2019", "Windows Server|2019"),
        ("Windows Server", "Windows Server|"),
        ("Windows Server (64-bit)", "Windows Server|"),
        ("Windows Server 10", "Windows Server|!"),
        ("Windows Server 2030", "Windows Server|>"),
        ("Windows Server 2016/2019", "Windows Server|~"),
        ("Windows Server 2016+", "Windows Server|~"),
        ("Windows 10", "Windows|10"),
        ("Microsoft Windows 10 (64-bit)", "Windows|10"),
        ("Windows 10 Pro 22H2", "Windows|10 22H2"),
        ("Windows 10 Enterprise LTSC 2019", "Windows|10 LTSC 2019"),
        ("Windows 10 IoT Enterprise", "Windows|10 LTSC"),
        ("Windows 7 Professional SP1", "Windows|7"),
        ("Windows 8.1", "Windows|8.1"),
        ("Windows XP Professional", "Windows|XP"),
        ("Windows Vista", "Windows|Vista"),
        ("Windows NT 4.0", "Windows|NT 4.0"),
        ("Windows 11 Enterprise 23H2", "Windows|11 23H2"),
        ("Windows 11", "Windows|!"),
        ("Windows 6.1", "Windows|~"),
        ("windows", "Windows|"),
        (
            "Red Hat Enterprise Linux 6 (64-bit)",
            "Red Hat Enterprise Linux|6",
        ),
        (
            "Red Hat Enterprise Linux Server release 7.9 (Maipo)",
            "Red Hat Enterprise Linux|7",
        ),
        ("RHEL 8", "Red Hat Enterprise Linux|8"),
        ("RHEL8.6", "Red Hat Enterprise Linux|8"),
        ("rhel-9.2-x86_64", "Red Hat Enterprise Linux|9"),
        ("Red Hat Linux 8", "Red Hat Enterprise Linux|8"),
        ("RedHat 7", "Red Hat Enterprise Linux|7"),
        ("Red Hat Enterprise Linux AS 4", "Red Hat Enterprise Linux|4"),
        ("RHEL 6.x/7.x", "Red Hat Enterprise Linux|~"),
        ("RHEL 3", "Red Hat Enterprise Linux|!"),
        ("Red Hat Satellite 6", ""),
        ("CentOS 7", "CentOS|7"),
        ("CentOS Linux release 7.9.2009 (Core)", "CentOS|7"),
        ("CentOS 4/5 or later (64-bit)", "CentOS|~"),
        ("CentOS 8", "CentOS|8"),
        ("CentOS Stream 8", "CentOS|Stream 8"),
        ("CentOS 8-stream", "CentOS|Stream 8"),
        ("CentOS 9", "CentOS|Stream 9"),
        ("Oracle Linux 4/5 or later (64-bit)", "Oracle Linux|~"),
        ("Oracle Linux Server 7.9", "Oracle Linux|7"),
        ("Oracle Linux 8 (64-bit)", "Oracle Linux|8"),
        ("OL8", "Oracle Linux|8"),
        ("Rocky Linux 9.3 (Blue Onyx)", "Rocky Linux|9"),
        ("AlmaLinux 8.7", "AlmaLinux|8"),
        (
            "SUSE Linux Enterprise 12 (64-bit)",
            "SUSE Linux Enterprise Server|12",
        ),
        (
            "SUSE Linux Enterprise Server 12 SP5",
            "SUSE Linux Enterprise Server|12 SP5",
        ),
        (
            "SUSE Linux Enterprise Server for SAP 15 SP4",
            "SUSE Linux Enterprise Server|15 SP4",
        ),
        ("SLES 15.3", "SUSE Linux Enterprise Server|15 SP3"),
        ("SLES11-SP4", "SUSE Linux Enterprise Server|11 SP4"),
        ("openSUSE Leap 15.4", "openSUSE Leap|15.4"),
        ("Ubuntu 20.04 LTS", "Ubuntu|20.04"),
        ("Ubuntu Server 20.04", "Ubuntu|20.04"),
        ("ubuntu 22.04.3 LTS (Jammy Jellyfish)", "Ubuntu|22.04"),
        ("Ubuntu 14.04", "Ubuntu|14.04"),
        ("Ubuntu 20", "Ubuntu|20.04?"),
        ("Ubuntu focal", "Ubuntu|20.04"),
        ("Ubuntu Linux (64-bit)", "Ubuntu|"),
        ("PostgreSQL 14 on Ubuntu", "Ubuntu|"),
        ("Debian GNU/Linux 10 (64-bit)", "Debian|10"),
        ("Debian 12.5", "Debian|12"),
        ("debian bookworm", "Debian|12"),
        ("Debian 1", "Debian|!"),
        ("Amazon Linux 2 (64-bit)", "Amazon Linux|2"),
        ("Amazon Linux AMI 2018.03", "Amazon Linux|1"),
        ("Amazon Linux 2023", "Amazon Linux|2023"),
        ("Fedora 38", "Fedora|38"),
        ("IBM AIX 7.1", "AIX|7.1"),
        ("AIX 7200-05-03", "AIX|7.2"),
        ("Oracle Solaris 11 (64-bit)", "Oracle Solaris|11.4?"),
        ("Oracle Solaris 11.3", "Oracle Solaris|11.3"),
        ("Solaris 10", "Oracle Solaris|10"),
        ("SunOS 5.10", "Oracle Solaris|10"),
        ("Solaris 1", "Oracle Solaris|!"),
        ("HP-UX B.11.31", "HP-UX|11i v3"),
        ("HP-UX 11i v3", "HP-UX|11i v3"),
        ("FreeBSD 12 or later versions (64-bit)", "FreeBSD|~"),
        ("FreeBSD 13.2-RELEASE", "FreeBSD|13"),
        ("VMware ESXi 6.7.0 build-17700523", "VMware ESXi|6.7"),
        ("VMware ESXi 8.0 Update 2", "VMware ESXi|8.0"),
        ("ESXi 7", "VMware ESXi|7.0"),
        ("Other 3.x Linux (64-bit)", "Linux|"),
        ("Other Linux", "Linux|"),
        ("F5 BigIP", ""),
        ("Palo Alto PAN-OS", ""),
        ("COBOL CICS", ""),
        ("Java 11 Spring Boot", ""),
        ("SQL Server 2012 Enterprise", ""),
        ("WindowsServer2016", ""),
        ("N/A", ""),
        ("", ""),
    ] {
        assert_eq!(system(debt, text, ""), expected, "{text}");
    }
}

#[test]
fn a_version_in_its_own_column_is_used_where_the_name_says_less() {
    let debt = &*super::DEBT;
    for (name, version, expected) in [
        ("centos", "7.9", "CentOS|7"),
        ("centos", "8.4", "CentOS|8"),
        ("oracle linux", "8.6", "Oracle Linux|8"),
        ("ubuntu", "22.04", "Ubuntu|22.04"),
        ("PostgreSQL 15 on Ubuntu", "22.04", "Ubuntu|22.04"),
        ("Red Hat Enterprise Linux", "9.2", "Red Hat Enterprise Linux|9"),
        (
            "SUSE Linux Enterprise Server",
            "12-SP5",
            "SUSE Linux Enterprise Server|12 SP5",
        ),
        ("SLES 15", "15.4", "SUSE Linux Enterprise Server|15 SP4"),
        ("AIX", "7.2", "AIX|7.2"),
        ("windows", "windows server 2012 R2", "Windows Server|2012 R2"),
        ("Linux", "CentOS 7.9", "CentOS|7"),
        ("Linux", "5.4.0-42-generic", "Linux|!"),
        ("Windows Server", "2019", "Windows Server|2019"),
        ("Windows Server", "6.3.9600", "Windows Server|2012 R2"),
        (
            "Microsoft Windows Server 2022 Standard",
            "10.0.20348",
            "Windows Server|2022",
        ),
        ("Windows Server 2022", "10.0.17763", "Windows Server|2022"),
        ("Windows Server 2016 Standard", "1607", "Windows Server|2016"),
        ("Windows 10", "10.0.18363", "Windows|10 1909"),
        ("Windows 10", "10.0.17763", "Windows|10"),
        ("Windows 11", "10.0.22631", "Windows|11 23H2"),
        ("Windows", "10.0.20348", "Windows Server|2022"),
        ("Windows", "10.0.17763", "Windows|~"),
        ("Oracle Linux 4/5 or later", "7.9", "Oracle Linux|7"),
        ("Solaris 11", "11.4", "Oracle Solaris|11.4"),
        ("Ubuntu", "", "Ubuntu|"),
        ("", "Windows Server 2016", "Windows Server|2016"),
        ("F5 BigIP", "15.1", ""),
    ] {
        assert_eq!(system(debt, name, version), expected, "{name} + {version}");
    }
}

#[test]
fn software_is_read_as_inventories_write_it() {
    let debt = &*super::DEBT;
    for (text, expected) in [
        ("PostgreSQL 14", "PostgreSQL|14"),
        ("PostgreSQL 9", "PostgreSQL|9.6?"),
        ("postgres 9.6.24", "PostgreSQL|9.6"),
        ("SQL Server 2012 Enterprise", "SQL Server|2012"),
        ("Microsoft SQL Server Standard 2014 SP3", "SQL Server|2014"),
        ("MSSQL 2008 R2", "SQL Server|2008 R2"),
        ("SQL 2016", "SQL Server|2016"),
        ("MySQL 5.7", "MySQL|5.7"),
        ("MySQL Server 8", "MySQL|8.4?"),
        ("MariaDB 10.11", "MariaDB|10.11"),
        ("MariaDB 10.1.48", "MariaDB|10.1"),
        ("Oracle 11g", "Oracle Database|11.2?"),
        ("Oracle Database 11g Release 2", "Oracle Database|11.2"),
        ("Oracle 12cR1", "Oracle Database|12.1"),
        ("Oracle 19.3.0.0", "Oracle Database|19"),
        ("Oracle Database 23ai", "Oracle Database|23"),
        ("Oracle WebLogic Server 10.3.6", "WebLogic Server|10.3"),
        ("Oracle Client 11.2", ""),
        ("Oracle E-Business Suite 12.2", ""),
        ("PL/SQL 11", ""),
        ("MongoDB 4.4", "MongoDB|4.4"),
        ("Redis 7.0", "Redis|7.0"),
        ("Redis 7", "Redis|7.4?"),
        ("Elasticsearch 7.17", "Elasticsearch|7"),
        ("IBM DB2", ""),
        ("DB2 10.5", "Db2|10.5"),
        ("Java 11 Spring Boot", "Java|11"),
        ("Java 8 Spring", "Java|8"),
        ("JDK 1.8.0_292", "Java|8"),
        ("jdk8u292", "Java|8"),
        ("OpenJDK 17, Spring Boot 2.7.1", "Java|17, Spring Boot|2.7"),
        ("Java EE 6", ""),
        ("JavaScript 8", ""),
        ("Java/Spring", ""),
        ("Java 8/11", "Java|~"),
        (".NET Framework 4.5.2", ".NET Framework|4.5.2"),
        (".NET 4.8", ".NET Framework|4.8"),
        (".NET Core 3.1", ".NET Core|3.1"),
        (".NET 6", ".NET|6"),
        ("ASP.NET Core 8", ".NET|8"),
        (".NET Core 2.1.30", ".NET Core|2.1"),
        (".NET", ""),
        ("PHP 5.6", "PHP|5.6"),
        ("php7.4-fpm", "PHP|7.4"),
        ("LAMP (PHP 7)", "PHP|7.4?"),
        ("Python 2.7", "Python|2.7"),
        ("Python 3.10", "Python|3.10"),
        ("Python 3", "Python|3.14?"),
        ("Node.js 16", "Node.js|16"),
        ("React 18 Node.js", ""),
        ("Node.js Express", ""),
        ("Apache Tomcat 8.5.61", "Apache Tomcat|8.5"),
        ("Tomcat 9", "Apache Tomcat|9"),
        ("Apache 2.2", "Apache HTTP Server|2.2"),
        ("Apache Kafka 2.4", ""),
        ("nginx 1.18", "nginx|1.18"),
        ("JBoss EAP 6.4", "JBoss Enterprise Application Platform|6"),
        (
            "WebSphere Application Server 8.0",
            "WebSphere Application Server|8.0",
        ),
        ("WebSphere MQ 7.5", "IBM MQ|7.5"),
        ("IIS 7.5", "IIS|7"),
        ("Microsoft Exchange Server 2013", "Exchange Server|2013"),
        ("SharePoint 2016", "SharePoint Server|2016"),
        ("Kubernetes v1.24.3", "Kubernetes|1.24"),
        ("K8s 1.99", "Kubernetes|>"),
        ("vCenter Server 6.7", "VMware vCenter Server|6.7"),
        (
            "IIS 8, SQL Server 2014, .NET 4.6.1",
            "IIS|8, SQL Server|2014, .NET Framework|4.6.1",
        ),
        ("Keycloak", ""),
        ("Prometheus/Grafana", ""),
        ("Third Party", ""),
    ] {
        assert_eq!(software(debt, text), expected, "{text}");
    }
}

/// Each version of the catalogue must be reachable by the most natural text: product and version.
#[test]
fn every_version_of_the_catalogue_is_recognised_by_its_own_name() {
    let debt = &*super::DEBT;
    for product in &debt.catalogue.products {
        for cycle in &product.cycles {
            let text = format!("{} {}", product.name, cycle.version);
            let read = match product.kind {
                ProductKind::OperatingSystem => system(debt, &text, ""),
                ProductKind::Software => software(debt, &text),
            };
            assert_eq!(read, format!("{}|{}", product.name, cycle.version));
        }
    }
}
